// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ChatModels
import Foundation
import Hub
import Judging
import Runs
import Tensors

/// `rubrics doctor`.
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell what is installed, which devices there are, what is missing and how to get it.",
        discussion: """
            Examples:
              rubrics doctor
              rubrics doctor --judge openai:gpt-4o-mini --judge http://localhost:8000/v1#qwen

            Ends with status 1 when something is missing.
            """
    )

    @Option(help: ArgumentHelp("A judge to reach: its key, its address, how it gives JSON.", valueName: "judge"))
    var judge: [String] = []

    func run() async throws {
        let installation = try Installation()
        var missing = 0
        func report(_ name: String, _ state: Result<String, CommandFailure>) {
            switch state {
            case .success(let text): Terminal.write("ok       \(name): \(text)\n")
            case .failure(let failure):
                missing += 1
                Terminal.write("missing  \(name): \(failure)\n")
            }
        }
        Terminal.write("folder   \(installation.root.path)\n")
        report("engine", engine(installation))
        report("model", model(installation))
        if let free = DiskSpace.free(at: installation.root) {
            Terminal.write("disk     \(free >> 30) GiB free; a checkpoint of the demo takes 1.6 GB\n")
        }
        Terminal.write(duckDB())
        Terminal.write(cache())
        for address in judge { report("judge", await reach(address)) }
        if missing > 0 { throw ExitCode(ExitStatus.missing) }
    }

    /// Imports of tables alone need DuckDB, so a missing one is told and not counted.
    private func duckDB() -> String {
        do {
            return "ok       duckdb: \(try Installation.duckDB().program)\n"
        } catch {
            return "optional duckdb: \(error)\n"
        }
    }

    private func cache() -> String {
        do {
            let folder = try HubAccess().cacheFolder
            let free = DiskSpace.free(at: folder).map { ", \($0 >> 30) GiB free" } ?? ""
            return "cache    \(folder.path): what was fetched from the hub\(free)\n"
        } catch {
            return "cache    \(error)\n"
        }
    }

    private func reach(_ address: String) async -> Result<String, CommandFailure> {
        var settings = JudgeSettings()
        settings.models = [address]
        do {
            let reached = try await ReachedModels(settings)
            await reached.close()
            let found = reached.entries.compactMap(\.self).map { "\($0.model.name), JSON by \($0.mode)" }
            return .success(found.first ?? "checks need no model")
        } catch {
            return .failure(CommandFailure("\(error)"))
        }
    }

    private func engine(_ installation: Installation) -> Result<String, CommandFailure> {
        do {
            let engine = try installation.engine()
            let devices = engine.devices.map(\.description).joined(separator: ", ")
            let decoding = engine.supportsPackedDecoding ? "packed bf16" : "plain (this CPU has no AVX-512 BF16)"
            return .success(
                "libtorch \(engine.torchVersion), \(engine.cpuCapability), \(installation.threads) threads; "
                    + "devices \(devices); decoding \(decoding)"
            )
        } catch {
            return .failure(CommandFailure("\(error)"))
        }
    }

    private func model(_ installation: Installation) -> Result<String, CommandFailure> {
        let path = installation.modelFile.path
        guard FileManager.default.fileExists(atPath: path) else {
            return .failure(CommandFailure("\(path) is not there: run `rubrics setup model`"))
        }
        return .success(path)
    }
}
