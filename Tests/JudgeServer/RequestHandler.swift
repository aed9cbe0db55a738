// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import Rubrics

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads a connection's requests and reacts to them.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// A request whose answer has not been written.
    private struct Exchange {
        var number: Int
        var isKeepAlive: Bool
        var version: HTTPVersion
        /// The status that was begun.
        var status: Int?
    }

    private let log: RequestLog
    private let respond: ScriptedServer.Responder
    private var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "")
    private var body = ByteBuffer()
    private var exchange: Exchange?
    private var timer: Scheduled<Void>?
    private var isClosing = false

    init(log: RequestLog, _ respond: @escaping ScriptedServer.Responder) {
        self.log = log
        self.respond = respond
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, body) = (head, ByteBuffer())
        case .body(let part) where body.readableBytes == 0: body = part
        case .body(var part): body.writeBuffer(&part)
        case .end: receive(context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        if !isClosing { log.closeConnection() }
        abandon()
    }

    private func receive(_ context: ChannelHandlerContext) {
        let json = (try? JSONParser.parse(body.readableBytesView, file: "request")) ?? .null
        let request = ScriptedServer.Request(head: head, body: json, byteCount: body.readableBytes)
        body = ByteBuffer()
        let entry = log.begin(request)
        exchange = Exchange(number: entry.number, isKeepAlive: head.isKeepAlive, version: head.version)
        let decision = respond(request, entry)
        log.note(decision.fault, of: entry.number)
        perform(decision.reaction, context)
    }

    private func perform(_ reaction: ScriptedServer.Reaction, _ context: ChannelHandlerContext) {
        switch reaction {
        case .answer(let status, let headers, let text): answer(context, status, headers, text)
        case .truncated(let text): truncate(context, text)
        case .reset: reset(context)
        case .hang: break
        case .drip(let interval):
            write(context, head: responseHead(200, []))
            drip(context, every: TimeAmount(interval))
        case .delayed(let delay, let reaction):
            wait(TimeAmount(delay), context) { $0.perform(reaction, $1) }
        }
    }

    private func wait(
        _ delay: TimeAmount,
        _ context: ChannelHandlerContext,
        then work: @escaping (RequestHandler, ChannelHandlerContext) -> Void
    ) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { work(self, context) }
    }

    /// Ends an exchange whose answer is not whole; does nothing where none is open.
    private func abandon() {
        guard let exchange else { return }
        self.exchange = nil
        log.finish(
            exchange.number,
            RequestLog.End(status: exchange.status, isComplete: false, isClosedByClient: !isClosing)
        )
    }
}

// Answers.
extension RequestHandler {
    private func responseHead(_ status: Int, _ headers: [(String, String)]) -> HTTPResponseHead {
        var fields = HTTPHeaders(headers)
        if !fields.contains(name: "content-type") { fields.add(name: "content-type", value: "application/json") }
        let isKeepAlive = exchange?.isKeepAlive ?? false
        if !isKeepAlive {
            fields.add(name: "connection", value: "close")
        } else if exchange?.version == .http1_0 {
            fields.add(name: "connection", value: "keep-alive")
        }
        return HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: status),
            headers: fields
        )
    }

    private func write(_ context: ChannelHandlerContext, head: HTTPResponseHead) {
        exchange?.status = Int(head.status.code)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func answer(
        _ context: ChannelHandlerContext,
        _ status: Int,
        _ headers: [(String, String)],
        _ text: String
    ) {
        guard let exchange else { return }
        let head = responseHead(status, headers + [("content-length", "\(text.utf8.count)")])
        // The next request may come before the promise is kept.
        self.exchange = nil
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { [log] result in
            let isComplete = if case .success = result { true } else { false }
            log.finish(
                exchange.number,
                RequestLog.End(status: status, isComplete: isComplete, isClosedByClient: !isComplete)
            )
            if !exchange.isKeepAlive { self.close(context) }
        }
    }

    private func truncate(_ context: ChannelHandlerContext, _ text: String) {
        write(context, head: responseHead(200, [("content-length", "\(text.utf8.count + 100)")]))
        let body = wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text))))
        context.writeAndFlush(body).assumeIsolated().whenComplete { _ in
            self.isClosing = true
            self.abandon()
            context.close(promise: nil)
        }
    }

    private func drip(_ context: ChannelHandlerContext, every interval: TimeAmount) {
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: " ")))), promise: nil)
        wait(interval, context) { $0.drip($1, every: interval) }
    }

    private func reset(_ context: ChannelHandlerContext) {
        isClosing = true
        abandon()
        guard let socket = context.channel as? any SocketOptionProvider else { return close(context) }
        // Without lingering, closing sends a reset instead of an end.
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        context.close(promise: nil)
    }
}
