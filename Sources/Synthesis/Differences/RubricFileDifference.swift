// SPDX-License-Identifier: Apache-2.0

package import Rubrics

/// Two files of rubrics compared row by row: the new one is gone through once, of the old one only places and hashes are
/// held.
package struct RubricFileDifference: Sendable, Hashable {
    /// A row that is not the same in both files.
    package enum Row: Sendable, Hashable {
        case added(RubricTask)
        case removed(RubricTask)
        case changed(RubricDifference)
    }

    /// How many rows are the same.
    package private(set) var same = 0
    /// How many only the new file has.
    package private(set) var added = 0
    /// How many only the old file has.
    package private(set) var removed = 0
    /// How many are in both and differ.
    package private(set) var changed = 0
    /// How many rows of either file could not be read.
    package private(set) var malformed = 0
    /// What was wrong with the first of these.
    package private(set) var errors: [DocumentError] = []

    private static let shownErrors = 20

    /// Whether the files hold the same rows.
    package var isSame: Bool { added + removed + changed + malformed == 0 }

    /// Compares two files.
    ///
    /// - Parameters:
    ///   - old: The old file.
    ///   - new: The new file.
    ///   - body: Takes each row that differs: those of the new file in its order, then those that are gone.
    /// - Throws: `RunError` for a file that cannot be read, `DocumentError` for YAML or a JSON list that is none, and
    ///   what `body` throws.
    package init(from old: String, to new: String, _ body: (Row) throws -> Void) throws {
        var hashes: [UInt64] = []
        let index = try RubricRowIndex(old) { hashes.append(Self.hash($0)) }
        (malformed, errors) = (index.errorCount, index.errors)
        var isKept = [Bool](repeating: false, count: index.count)
        try RubricRowFile(new).read { row in
            switch row.task {
            case .failure(let error):
                malformed += 1
                if errors.count < Self.shownErrors { errors.append(error) }
            case .success(let task):
                // Two rows of one name's hash and one content hash, 64 bits each, are the same without a look.
                let hash = Self.hash(task)
                if let position = index.likelyPosition(of: task.id), hashes[position] == hash {
                    isKept[position] = true
                    same += 1
                    return
                }
                guard let (position, before) = try index.find(task.id) else {
                    added += 1
                    return try body(.added(task))
                }
                isKept[position] = true
                changed += 1
                try body(.changed(RubricDifference(old: before, new: task)))
            }
        }
        for position in isKept.indices where !isKept[position] {
            removed += 1
            try body(.removed(index.task(at: position)))
        }
    }

    /// The first 64 bits of a row's content hash.
    private static func hash(_ task: RubricTask) -> UInt64 {
        UInt64(task.contentHash.prefix(16), radix: 16) ?? 0
    }
}
