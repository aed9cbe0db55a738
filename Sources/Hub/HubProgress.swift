// SPDX-License-Identifier: Apache-2.0

/// How far fetching has come.
package struct HubProgress: Sendable, Hashable {
    /// The file that is being fetched.
    package var file: String
    /// The bytes that are there, of all files together.
    package var bytes: Int
    /// The bytes of all files together.
    package var total: Int
    /// The bytes that have come in a second, over the time since fetching began; 0 before any came.
    package var bytesPerSecond: Double
}

/// Counts bytes as they come.
struct HubProgressCount<Time: Clock> where Time.Duration == Duration {
    private let clock: Time
    private let start: Time.Instant
    private let total: Int
    private let report: @Sendable (HubProgress) -> Void
    private var whole = 0
    private var received = 0

    init(total: Int, clock: Time, report: @escaping @Sendable (HubProgress) -> Void) {
        self.clock = clock
        self.total = total
        self.report = report
        start = clock.now
    }

    /// Notes that a file is there as a whole.
    mutating func finish(_ file: HubFile) {
        whole += file.size
        tell(file, of: 0)
    }

    /// Notes bytes of a file that have come.
    ///
    /// - Parameters:
    ///   - count: How many have come.
    ///   - held: How many of the file are there with them.
    ///   - file: The file.
    mutating func receive(_ count: Int, held: Int, of file: HubFile) {
        received += count
        tell(file, of: held)
    }

    private func tell(_ file: HubFile, of held: Int) {
        let time = start.duration(to: clock.now).components
        let seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
        let rate = received > 0 && seconds > 0 ? Double(received) / seconds : 0
        report(HubProgress(file: file.path, bytes: whole + held, total: total, bytesPerSecond: rate))
    }
}
