// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A small disk in a namespace of its own; gone when the command ends.
enum Mount {
    private static let script = """
        mkdir -p "$2" && mount -t tmpfs -o "size=$1k" tmpfs "$2" || exit 99
        disk=$2; saved=$3; shift 3
        "$@"; status=$?
        cp -r "$disk" "$saved"
        exit $status
        """

    /// Whether this system lets a process mount one.
    static var isAvailable: Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Runs a command with a disk of that size at `disk` and copies what it left to `saved`.
    static func run(
        kilobytes: Int,
        at disk: URL,
        keeping saved: URL,
        environment: [String: String?] = [:],
        _ command: [String]
    ) async throws -> Command.Result {
        try await Command.run(
            "/usr/bin/env",
            ["unshare", "--map-root-user", "--mount", "sh", "-c", script, "sh", "\(kilobytes)", disk.path, saved.path]
                + command,
            environment: environment
        )
    }
}
