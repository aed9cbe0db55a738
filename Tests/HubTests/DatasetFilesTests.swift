// SPDX-License-Identifier: Apache-2.0

import Hub
import Testing

@Suite("A data set's files")
struct DatasetFilesTests {
    private func splits(_ paths: [String], config: String? = nil) throws -> [String: [String]] {
        let files = DatasetFiles(paths.map { HubFile(path: $0, size: 1) })
        return Dictionary(
            uniqueKeysWithValues: try files.splits(of: config).map { ($0.split.rawValue, $0.files.map(\.path)) }
        )
    }

    @Test("Splits are told from file names and folders")
    func splits() throws {
        let paths = [
            ".gitattributes", "README.md", "data/test-00000-of-00001.parquet", "data/train-00000-of-00002.parquet",
            "data/train-00001-of-00002.parquet", "data/val-00000-of-00001.parquet", "rows.jsonl",
        ]
        #expect(
            try splits(paths) == [
                "train": Array(paths[3...4]), "val": [paths[5]], "test": [paths[2]],
            ]
        )
        #expect(try splits(["validation/0.jsonl", "dev.csv", "training.json"]).keys.sorted() == ["train", "val"])
        #expect(
            try splits(["2025_oss_eval.jsonl", "rows.jsonl"]) == [
                "test": ["2025_oss_eval.jsonl"], "train": ["rows.jsonl"],
            ]
        )
        #expect(try splits(["rows.parquet"]) == ["train": ["rows.parquet"]])
    }

    @Test("Configurations are folders; one has to be chosen where there are several")
    func configurations() throws {
        let paths = ["en/train-0.parquet", "fr/test/0.parquet", "fr/train/0.parquet"]
        #expect(try splits(paths, config: "fr") == ["train": [paths[2]], "test": [paths[1]]])
        let error = #expect(throws: HubError.self) { try splits(paths) }
        #expect(error?.message.contains("en, fr") == true)
        #expect(try splits(["only/train.parquet"]) == ["train": ["only/train.parquet"]])
        #expect(throws: HubError.self) { try splits(["README.md", "dataset_infos.json"]) }
    }
}
