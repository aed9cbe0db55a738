// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A program that runs with files for its streams, and with no other file of this process open.
///
/// Foundation's `Process` reads the list of all open files in a way that goes past the end of its buffer when a test
/// process holds thousands of connections.
struct ChildProcess: Sendable {
    /// Why a program was not started.
    struct Failure: Error {
        var program: String
        var code: Int32
    }

    /// The streams' files.
    struct Streams: Sendable {
        var input: String
        var output: String
        var errors: String
    }

    /// The process.
    let identifier: pid_t

    /// Starts a program.
    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        folder: String,
        streams: Streams
    ) throws {
        var (actions, attributes) = Self.nothing
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams.input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, streams.output, O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, streams.errors, O_WRONLY, 0)
        Self.keepFilesToThisProcess()
        Self.takeSignals(&attributes)
        // The shell changes the folder and becomes the program.
        let shell = "/bin/sh"
        let words = ([shell, "-c", #"cd "$0" && exec "$@""#, folder, program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, shell, &actions, &attributes, words, variables)
        guard code == 0 else { throw Failure(program: program, code: code) }
        identifier = child
    }

    #if canImport(Darwin)
    private typealias Attributes = posix_spawnattr_t?
    private static var nothing: (posix_spawn_file_actions_t?, Attributes) { (nil, nil) }
    #else
    private typealias Attributes = posix_spawnattr_t
    private static var nothing: (posix_spawn_file_actions_t, Attributes) { (.init(), .init()) }
    #endif

    /// A thread of this process may hold signals back; a program takes them as it would from a terminal.
    private static func takeSignals(_ attributes: inout Attributes) {
        var (none, defaults) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigemptyset(&defaults)
        for signal in [SIGINT, SIGTERM, SIGPIPE] { sigaddset(&defaults, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    }

    /// Has every file that is open now closed in programs: NIO's sockets are not by themselves, and a connection that a
    /// program holds too does not end with this process's side of it.
    private static func keepFilesToThisProcess() {
        for descriptor in (STDERR_FILENO + 1)..<min(getdtablesize(), 16_384) {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    /// How the program ended: its exit status, or a signal's number below 0; `nil` while it runs.
    func status() -> Int32? {
        var status: Int32 = 0
        guard waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F)
    }
}
