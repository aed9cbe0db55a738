// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// A failure whose message is for the user as it stands.
struct CommandFailure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What the command ends with; wrong usage ends with ArgumentParser's 64.
enum ExitStatus {
    /// `rubrics doctor` found something missing.
    static let missing: Int32 = 1
    /// The command failed; one message says where and what to do.
    static let failed: Int32 = 2
    /// Some of what was asked for could not be done; the rest is.
    static let partial: Int32 = 3
    /// Ctrl-C or SIGTERM; nothing is lost.
    static let interrupted: Int32 = 130
}

/// Turns errors into one message and an exit status.
enum FailureReport {
    static func exit(_ error: any Error, usage: (any Error) -> Never) -> Never {
        switch error {
        case is ExitCode, is CleanExit, is ValidationError: usage(error)
        case is CancellationError:
            Terminal.writeError("rubrics: interrupted\n")
            Foundation.exit(ExitStatus.interrupted)
        default:
            // Errors of the parser itself are internal types; their messages come from the parser.
            if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { usage(error) }
            Terminal.writeError("rubrics: \(message(error))\n")
            Foundation.exit(ExitStatus.failed)
        }
    }

    private static func message(_ error: any Error) -> String {
        (error as? any LocalizedError)?.errorDescription ?? "\(error)"
    }
}
