// SPDX-License-Identifier: Apache-2.0

import Foundation
import Runs

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Results go to standard output, progress and failures to standard error.
enum Terminal {
    static func write(_ text: String) {
        writeAll(text, to: STDOUT_FILENO)
    }

    static func writeError(_ text: String) {
        writeAll(text, to: STDERR_FILENO)
    }

    /// Whether a person watches standard output.
    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// A progress line on standard error.
    static func progressLine() -> ProgressLine<ContinuousClock> {
        ProgressLine(clock: ContinuousClock(), style: progressStyle, sink: writeError)
    }

    private static var progressStyle: ProgressLine<ContinuousClock>.Style {
        guard isatty(STDERR_FILENO) == 1 else { return .plain }
        var size = winsize()
        let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return .live(columns: known ? Int(size.ws_col) : 80)
    }

    private static func writeAll(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            // A closed pipe has nobody left to tell.
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }
}
