// SPDX-License-Identifier: Apache-2.0

package import Foundation
import Synchronization

/// A small HTTP/1.1 server on loopback, a thread a connection, that can stop an answer at any byte.
package final class SocketServer: Sendable {
    /// A request without its body.
    package struct Request: Sendable, Hashable {
        /// The path with its query, as sent.
        package var target: String
        /// The header fields, names in small letters.
        package var headers: [String: String]
    }

    /// An answer.
    package struct Answer: Sendable {
        /// What happens after the last byte that is sent.
        package enum Ending: Sendable {
            /// The connection ends.
            case close
            /// Nothing, until the other side ends the connection.
            case hold
        }

        /// The status.
        package var status: Int
        /// The header fields but for the length.
        package var headers: [(String, String)]
        /// The body as announced.
        package var body: [UInt8]
        /// How much of the body is sent; by default all.
        package var sentBytes: Int?
        /// What happens then.
        package var ending = Ending.close

        /// Makes an answer.
        package init(_ status: Int, headers: [(String, String)] = [], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    /// The port it listens on.
    package let port: Int
    private let listener: Int32

    /// Starts a server.
    ///
    /// - Parameter respond: Answers a request, on the connection's thread.
    /// - Throws: What the system says when there is no free port.
    package init(_ respond: @escaping @Sendable (Request) -> Answer) throws {
        let listener = try Self.listen()
        self.listener = listener
        port = try Self.port(of: listener)
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { Self.serve(connection, respond) }
            }
        }
    }

    deinit {
        _ = shutdown(listener, Int32(SHUT_RDWR))
        _ = close(listener)
    }

    /// The server's address.
    package var url: URL { URL(string: "http://127.0.0.1:\(port)") ?? URL(fileURLWithPath: "/") }

    private static func listen() throws -> Int32 {
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET, stream, 0)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0, Foundation.listen(descriptor, 64) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        return descriptor
    }

    private static func port(of descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func serve(_ connection: Int32, _ respond: (Request) -> Answer) {
        defer { _ = close(connection) }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        guard let request = read(from: connection) else { return }
        let answer = respond(request)
        let fields = answer.headers + [("content-length", "\(answer.body.count)"), ("connection", "close")]
        let head = fields.reduce("HTTP/1.1 \(answer.status) Status\r\n") { $0 + "\($1.0): \($1.1)\r\n" } + "\r\n"
        guard send(Array(head.utf8), over: connection) else { return }
        guard send(answer.body.prefix(answer.sentBytes ?? .max), over: connection) else { return }
        _ = shutdown(connection, answer.ending == .close ? Int32(SHUT_WR) : Int32(SHUT_RD))
        guard answer.ending == .hold else { return drain(connection) }
        // Reading is shut down here, so the other side's end shows only in writing being refused.
        var status = pollfd(fd: connection, events: 0, revents: 0)
        while poll(&status, 1, 100) >= 0, status.revents & Int16(POLLERR | POLLHUP) == 0 {}
    }

    /// Waits for the other side's end, so that closing loses no byte that is on its way.
    private static func drain(_ connection: Int32) {
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
    }

    private static func read(from connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard bytes.count < 65_536, recv(connection, &byte, 1, 0) == 1 else { return nil }
            bytes.append(byte)
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3 else { return nil }
        let fields = lines.dropFirst().compactMap { line -> (String, String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (line[..<colon].lowercased(), value)
        }
        return Request(target: String(words[1]), headers: Dictionary(fields) { first, _ in first })
    }

    private static func send(_ bytes: some Collection<UInt8>, over connection: Int32) -> Bool {
        #if canImport(Darwin)
        let flags: Int32 = 0
        #else
        let flags = Int32(MSG_NOSIGNAL)
        #endif
        return Array(bytes).withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let sent = Foundation.send(
                    connection,
                    UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                    rest.count,
                    flags
                )
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }
    }
}
