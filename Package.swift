// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0470-isolated-conformances.md
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let nio = ["NIOCore", "NIOHTTP1", "NIOPosix"].map { Target.Dependency.product(name: $0, package: "swift-nio") }
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

var targets: [Target] = [
    .systemLibrary(name: "CTorchEngine"),
    .target(name: "Rubrics", dependencies: [crypto, yams]),
    .target(name: "Tensors", dependencies: ["CTorchEngine"]),
    .target(name: "Runs", dependencies: ["Rubrics"]),
    .target(name: "Policies", dependencies: ["ChatModels", "Rubrics", "Tensors"]),
    .target(name: "ChatModels", dependencies: ["Rubrics"]),
    .target(name: "ChatProviders", dependencies: ["ChatModels", "Rubrics", asyncHTTPClient] + nio),
    .target(name: "Ledger", dependencies: ["ChatModels", "Rubrics", grdb]),
    .target(name: "Judging", dependencies: ["ChatModels", "Rubrics", crypto]),
    .target(name: "Rewards", dependencies: ["Judging", "Rubrics"]),
    .target(name: "Hub", dependencies: ["ChatProviders", "Rubrics", "Runs", asyncHTTPClient] + nio),
    .target(
        name: "Synthesis",
        dependencies: ["ChatModels", "Judging", "Rewards", "Rubrics", "Runs"]
    ),
    .target(name: "Evaluation", dependencies: ["ChatModels", "Judging", "Policies", "Rewards", "Rubrics", "Runs"]),
    .target(
        name: "GRPO",
        dependencies: ["ChatModels", "Evaluation", "Judging", "Policies", "Rewards", "Rubrics", "Runs", "Tensors"]
    ),
    .target(name: "Dashboard", dependencies: ["Evaluation", "Rubrics", "Runs", "Synthesis", hummingbird, mustache]),
    .target(name: "RubricsTesting", dependencies: ["ChatModels", "Judging", "Rewards", "Rubrics"]),
    .executableTarget(
        name: "RubricsCLI",
        dependencies: [
            "ChatModels", "ChatProviders", "Dashboard", "Evaluation", "GRPO", "Hub", "Judging", "Ledger", "Policies",
            "Rewards", "Rubrics", "Runs", "Synthesis", "Tensors", argumentParser,
        ]
    ),
    .executableTarget(
        name: "GRPOStep",
        dependencies: ["GRPO", "Judging", "Rubrics", "Runs", "Tensors"],
        path: "Benchmarks/GRPOStep",
        exclude: ["recipe.yaml", "rows.jsonl", "trl_side.py"]
    ),
    .executableTarget(
        name: "OverlappedRun",
        dependencies: ["GRPO", "Judging", "Rubrics", "RubricsTesting", "Runs", "Tensors"],
        path: "Benchmarks/OverlappedRun",
        exclude: ["recipe.yaml"]
    ),
    .executableTarget(
        name: "Decoding",
        dependencies: ["Policies", "Rubrics", "Tensors"],
        path: "Benchmarks/Decoding",
        exclude: ["transformers_side.py"]
    ),
    .target(name: "JudgeServer", dependencies: ["Rubrics"] + nio, path: "Tests/JudgeServer"),
    .executableTarget(
        name: "JudgeServerCommand",
        dependencies: ["JudgeServer", argumentParser],
        path: "Benchmarks/JudgeServer"
    ),
    .target(
        name: "TestSupport",
        dependencies: ["Policies", "Rewards", "Rubrics", "Runs", "Tensors"],
        path: "Tests/TestSupport"
    ),
    .testTarget(name: "RubricsTests", dependencies: ["Rubrics", tomlKit], exclude: ["Goldens"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "TestSupport"], exclude: ["Goldens"]),
    .testTarget(name: "RunsTests", dependencies: ["Rubrics", "Runs", "TestSupport"]),
    .testTarget(
        name: "PoliciesTests",
        dependencies: [
            "ChatModels", "Judging", "Policies", "Rubrics", "RubricsTesting", "Tensors", "TestSupport",
        ],
        exclude: ["Goldens"]
    ),
    .testTarget(name: "ChatModelsTests", dependencies: ["ChatModels", "Rubrics", "RubricsTesting"]),
    .testTarget(
        name: "ChatProvidersTests",
        dependencies: ["ChatModels", "ChatProviders", "JudgeServer", "Rubrics"] + nio
    ),
    .testTarget(
        name: "LedgerTests",
        dependencies: ["ChatModels", "Ledger", "Rubrics", "RubricsTesting", "TestSupport"]
    ),
    .testTarget(
        name: "JudgingTests",
        dependencies: [
            "ChatModels", "ChatProviders", "JudgeServer", "Judging", "Ledger", "Rewards", "Rubrics", "RubricsTesting",
            "TestSupport",
        ]
    ),
    .testTarget(
        name: "IntegrationTests",
        dependencies: ["ChatModels", "ChatProviders", "Judging", "Rewards", "Rubrics", "TestSupport"]
    ),
    .testTarget(name: "RewardsTests", dependencies: ["Judging", "Rewards", "Rubrics"]),
    .testTarget(
        name: "SynthesisTests",
        dependencies: [
            "ChatModels", "ChatProviders", "JudgeServer", "Judging", "Ledger", "Rewards", "Rubrics", "RubricsTesting",
            "Runs", "Synthesis", "TestSupport",
        ]
    ),
    .testTarget(name: "HubTests", dependencies: ["Hub", "Rubrics", "Runs", "TestSupport"] + nio),
    .testTarget(name: "EvaluationTests", dependencies: ["Evaluation", "Judging", "Rewards", "Rubrics", "Runs"]),
    .testTarget(
        name: "GRPOTests",
        dependencies: [
            "GRPO", "Judging", "Policies", "Rewards", "Rubrics", "RubricsTesting", "Runs", "Tensors", "TestSupport",
        ],
        exclude: ["Goldens"]
    ),
    .testTarget(
        name: "DashboardTests",
        dependencies: [
            "Dashboard", "Rubrics", "Runs", "Synthesis", "TestSupport",
            .product(name: "HummingbirdTesting", package: "hummingbird"),
        ]
    ),
    .testTarget(
        name: "RubricsCLITests",
        dependencies: [
            "Hub", "JudgeServer", "Ledger", "Policies", "Rubrics", "RubricsCLI", "Runs", "Synthesis", "TestSupport",
        ]
    ),
]

// libFuzzer brings the main function, so that this target links only where Scripts/fuzz builds it.
if Context.environment["RUBRICS_FUZZ"] != nil {
    targets.append(.executableTarget(name: "FuzzRows", dependencies: ["Rubrics"], path: "Benchmarks/Fuzz"))
}

let package = Package(
    name: "rubrics-as-rewards",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "rubrics", targets: ["RubricsCLI"]),
        .executable(name: "grpo-step-ours", targets: ["GRPOStep"]),
        .executable(name: "decode-ours", targets: ["Decoding"]),
        .executable(name: "overlap-ours", targets: ["OverlappedRun"]),
        .executable(name: "judge-server", targets: ["JudgeServerCommand"]),
        .library(name: "Rubrics", targets: ["Rubrics"]),
        .library(name: "ChatModels", targets: ["ChatModels"]),
        .library(name: "Judging", targets: ["Judging"]),
        .library(name: "Rewards", targets: ["Rewards"]),
        .library(name: "Synthesis", targets: ["Synthesis"]),
        .library(name: "RubricsTesting", targets: ["RubricsTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: targets,
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system && target.type != .binary {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}
