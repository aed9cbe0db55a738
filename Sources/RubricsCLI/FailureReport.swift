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

/// Turns errors into one message and an exit status: 1 for a failure, 130 for an interruption, ArgumentParser's own for
/// usage.
enum FailureReport {
    static let interrupted: Int32 = 130

    static func exit(_ error: any Error, usage: (any Error) -> Never) -> Never {
        switch error {
        case is ExitCode, is CleanExit, is ValidationError: usage(error)
        case is CancellationError:
            Terminal.writeError("rubrics: interrupted\n")
            Foundation.exit(interrupted)
        default:
            // Errors of the parser itself are internal types; their messages come from the parser.
            if String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") { usage(error) }
            Terminal.writeError("rubrics: \(message(error))\n")
            Foundation.exit(1)
        }
    }

    private static func message(_ error: any Error) -> String {
        (error as? any LocalizedError)?.errorDescription ?? "\(error)"
    }
}
