// SPDX-License-Identifier: Apache-2.0

public import ChatModels
import Dispatch
import Foundation
import Rubrics
import Synchronization

/// A program that answers JSON lines with JSON lines, matched by `id`; started once, and again when it has ended.
///
/// The last message of a request is the line to send, an object without an `id`. The program runs without a shell.
public final class CommandChatModel: ChatModel {
    /// `command:`, the program's last file argument, and a hash of all file arguments: an edited program is another.
    public let name: String

    private let command: [String]
    private let running = Mutex<RunningCommand?>(nil)

    /// Makes a model of a command.
    ///
    /// - Parameter command: The program, by path or by a name on the search path, and its arguments.
    public init(_ command: [String]) {
        self.command = command
        let files = command.compactMap { argument in
            FileManager.default.contents(atPath: argument).map { (argument, Array($0)) }
        }
        let hash = files.reduce(command.joined(separator: "\u{0}").stableHash) { hash, file in
            file.1.reduce(hash) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        }
        let last = (files.last?.0 ?? command.first ?? "").utf8.split(separator: UInt8(ascii: "/")).last ?? [][...]
        name = "command:\(String(decoding: last, as: UTF8.self)):\(String(hash, radix: 16))"
    }

    /// Sends the line and waits for the answer with its number.
    public func reply(to request: ChatRequest) async throws -> ChatReply {
        let line = request.messages.last?.content ?? "{}"
        let text = try await started().ask(line)
        return ChatReply(text: text)
    }

    /// Ends the program: closes its input, and terminates it where it goes on.
    public func shutdown() {
        running.withLock { $0.take() }?.stop()
    }

    private func started() throws -> RunningCommand {
        try running.withLock { running in
            if let running, running.isAlive { return running }
            do {
                let fresh = try RunningCommand(command)
                running = fresh
                return fresh
            } catch {
                throw ChatModelError(
                    .rejected,
                    "\(command.first ?? "the command") cannot be started: \(error.localizedDescription)"
                )
            }
        }
    }
}

/// A program that has been started.
private final class RunningCommand: Sendable {
    private typealias Waiter = CheckedContinuation<String, any Error>

    private struct State {
        var waiters: [String: Waiter] = [:]
        var next = 0
        var rest: [UInt8] = []
        var hasEnded = false

        /// The whole lines that have come.
        mutating func lines() -> [[UInt8]] {
            var lines: [[UInt8]] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                lines.append(Array(rest[..<end]))
                rest.removeFirst(end + 1)
            }
            return lines
        }
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let writing = DispatchQueue(label: "command input")
    private let state = Mutex(State())

    /// Whether the program still answers.
    var isAlive: Bool { state.withLock { !$0.hasEnded } }

    init(_ command: [String]) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = input
        process.standardOutput = output
        output.fileHandleForReading.readabilityHandler = { [weak self] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            self?.take(Array(data))
        }
        try process.run()
    }

    func ask(_ line: String) async throws -> String {
        let id = state.withLock { state in
            state.next += 1
            return String(state.next)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (waiter: Waiter) in
                let isDead = state.withLock { state in
                    if state.hasEnded { return true }
                    state.waiters[id] = waiter
                    return false
                }
                if isDead { return waiter.resume(throwing: Self.ended) }
                send("{\"id\":\"\(id)\",\(line.dropFirst())\n")
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(throwing: CancellationError())
        }
    }

    /// Writes on a queue of its own: a program that reads slowly holds nobody else up.
    private func send(_ line: String) {
        let handle = input.fileHandleForWriting
        writing.async { try? handle.write(contentsOf: Data(line.utf8)) }
    }

    private func take(_ bytes: [UInt8]) {
        let answers = state.withLock { state -> [(Waiter, Result<String, any Error>)] in
            if bytes.isEmpty {
                state.hasEnded = true
                defer { state.waiters.removeAll() }
                return state.waiters.values.map { ($0, .failure(Self.ended)) }
            }
            state.rest += bytes
            return state.lines().compactMap { line in
                let text = String(decoding: line, as: UTF8.self)
                let id = (try? JSONParser.parse(line, file: "command"))?["id"]?.string ?? ""
                return state.waiters.removeValue(forKey: id).map { ($0, .success(text)) }
            }
        }
        for (waiter, answer) in answers { waiter.resume(with: answer) }
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        if process.isRunning { process.terminate() }
    }

    private static let ended = ChatModelError(.connection, "the command has ended before it answered")
}
