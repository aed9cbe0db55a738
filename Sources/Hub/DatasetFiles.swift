// SPDX-License-Identifier: Apache-2.0

/// The files of a data set's repository by configuration and split, told from their names as `datasets` does.
///
/// `data/train-00000-of-00001.parquet`, `CONFIG/test/0000.parquet` and `CONFIG/validation.jsonl` are read; a file that
/// names no split belongs to `train`. Where there is Parquet, files of other formats are left aside.
package struct DatasetFiles: Sendable, Hashable {
    /// A part of a data set.
    package enum Split: String, Sendable, Hashable, CaseIterable {
        case train
        case val
        case test

        /// The words that name it.
        fileprivate var words: [String] {
            switch self {
            case .train: ["train", "training"]
            case .val: ["val", "valid", "validation", "dev"]
            case .test: ["test", "testing", "eval", "evaluation"]
            }
        }

        fileprivate init?(word: some StringProtocol) {
            let word = word.lowercased()
            guard let split = Self.allCases.first(where: { $0.words.contains(word) }) else { return nil }
            self = split
        }
    }

    /// The configuration of files that name none.
    package static let defaultConfiguration = "default"
    /// The formats in the order of preference.
    private static let extensions = [["parquet"], ["jsonl", "ndjson", "json", "csv", "tsv", "yaml", "yml"]]

    /// The names of the configurations in the order of their files.
    package private(set) var configurations: [String] = []
    private var files: [String: [Split: [HubFile]]] = [:]

    /// Sorts a repository's files.
    package init(_ all: [HubFile]) {
        for extensions in Self.extensions {
            for file in all { add(file, extensions) }
            if !configurations.isEmpty { return }
        }
    }

    /// The files of a configuration by split.
    ///
    /// - Parameter name: The configuration; `nil` for the default one, or the only one.
    /// - Returns: The files of each split that there is.
    /// - Throws: ``HubError`` when there is none, or a choice.
    package func splits(of name: String?) throws -> [(split: Split, files: [HubFile])] {
        let list = configurations.joined(separator: ", ")
        guard !configurations.isEmpty else {
            throw HubError(
                .notFound,
                "the data set holds no Parquet, JSON, CSV or YAML files: look at its page on the hub"
            )
        }
        let name = name ?? (configurations.count == 1 ? configurations[0] : Self.defaultConfiguration)
        guard let splits = files[name] else {
            throw HubError(.notFound, "the data set has no configuration \(name): choose one with --config: \(list)")
        }
        return Split.allCases.compactMap { split in splits[split].map { (split, $0) } }
    }

    private mutating func add(_ file: HubFile, _ extensions: [String]) {
        let parts = file.path.split(separator: "/").map(String.init)
        guard let name = parts.last, let dot = name.lastIndex(of: "."), !name.hasPrefix(".") else { return }
        let folders = parts.dropLast()
        let isCard = folders.isEmpty && ["dataset_infos.json", "package.json"].contains(name)
        guard extensions.contains(name[name.index(after: dot)...].lowercased()), !isCard else { return }
        let words = name[..<dot].split { !($0.isLetter || $0.isNumber) }
        let split =
            words.lazy.compactMap { Split(word: $0) }.first
            ?? folders.reversed().lazy.compactMap { Split(word: $0) }.first ?? .train
        let configuration =
            folders.first { $0 != "data" && Split(word: $0) == nil } ?? Self.defaultConfiguration
        if files[configuration] == nil { configurations.append(configuration) }
        files[configuration, default: [:]][split, default: []].append(file)
    }
}
