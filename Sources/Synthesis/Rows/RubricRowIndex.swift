// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Rubrics
import Runs

/// Where the rows of a file stand, so that any of them can be read by itself.
///
/// Of JSON lines only places and hashes are held, some 40 bytes a row whatever its length; a JSON list and YAML are held
/// whole, because their rows cannot be read apart.
package struct RubricRowIndex: Sendable {
    /// The file's path.
    package let path: String
    /// Errors of rows that cannot be read, which have no position here.
    package private(set) var errors: [DocumentError] = []
    /// How many rows could not be read.
    package private(set) var errorCount = 0

    private var starts: [Int] = []
    private var counts: [Int32] = []
    private var lines: [Int32] = []
    private var held: [RubricTask] = []
    private var positions: [UInt64: Int32] = [:]
    /// Positions whose name's hash another row has too.
    private var collided: [Int] = []
    /// Names given to rows that ask the question of an earlier row and have none of their own.
    private var renamed: [Int: String] = [:]

    private static let shownErrors = 20

    /// Goes through a file once.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - visit: Takes each row that can be read, in file order.
    /// - Throws: `RunError` when the file cannot be read, `DocumentError` for YAML or a JSON list that is none, and what
    ///   `visit` throws.
    package init(_ path: String, visit: (RubricTask) throws -> Void = { _ in }) throws {
        self.path = path
        try RubricRowFile(path).read { row in
            switch row.task {
            case .failure(let error):
                errorCount += 1
                if errors.count < Self.shownErrors { errors.append(error) }
            case .success(let task):
                insert(task, row)
                try visit(task)
            }
        }
    }

    /// How many rows could be read.
    package var count: Int { starts.count }

    private mutating func insert(_ task: RubricTask, _ row: RubricRowFile.Row) {
        let position = starts.count
        starts.append(row.byteRange?.lowerBound ?? held.count)
        counts.append(Int32(clamping: row.byteRange?.count ?? -1))
        lines.append(Int32(clamping: row.line ?? 0))
        if row.byteRange == nil { held.append(task) }
        if row.isRenamed { renamed[position] = task.id }
        if positions[task.id.stableHash] == nil {
            positions[task.id.stableHash] = Int32(position)
        } else {
            collided.append(position)
        }
    }

    /// The line where a row stands, from 1; `nil` in YAML and in a JSON list.
    package func line(of position: Int) -> Int? {
        lines[position] == 0 ? nil : Int(lines[position])
    }

    /// Reads a row.
    ///
    /// - Parameter position: The row's place among those that can be read, from 0.
    /// - Returns: The task.
    /// - Throws: `RunError` or `DocumentError` when the file has changed since it was gone through.
    package func task(at position: Int) throws -> RubricTask {
        guard counts[position] >= 0 else { return held[starts[position]] }
        let place = starts[position]..<(starts[position] + Int(counts[position]))
        let bytes = try DurableFile.read(URL(fileURLWithPath: path), place)
        let root = try Document.jsonLine(bytes[...], file: path, line: Int(lines[position])).root
        var task = try RubricRow(root).task
        if let name = renamed[position] { task.id = name }
        return task
    }

    /// The row of a name.
    ///
    /// - Parameter id: The name.
    /// - Returns: The row's position and task; `nil` where no row has the name.
    /// - Throws: As ``task(at:)``.
    package func find(_ id: String) throws -> (position: Int, task: RubricTask)? {
        guard let first = positions[id.stableHash] else { return nil }
        for position in [Int(first)] + collided {
            let task = try task(at: position)
            if task.id.isExactly(id) { return (position, task) }
        }
        return nil
    }

    /// The first position of a name's hash, which is the name's own unless two names have one hash.
    package func likelyPosition(of id: String) -> Int? {
        positions[id.stableHash].map(Int.init)
    }

    /// The row on a line of the file.
    package func position(ofLine line: Int) -> Int? {
        let place = lines.partitioningIndex { $0 >= line }
        return place < lines.count && lines[place] == line ? place : nil
    }
}

extension [Int32] {
    /// The first place from which a condition holds that holds for all that follow.
    fileprivate func partitioningIndex(where isAfter: (Int32) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
