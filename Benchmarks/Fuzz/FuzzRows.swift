// SPDX-License-Identifier: Apache-2.0

import Rubrics

/// libFuzzer's entry: the first byte chooses a reader, the rest is what it reads.
///
/// Whatever the bytes are, a reader ends with rows or with located errors, and a row that was read can be written in
/// every format and read again. Anything else stops the process, which libFuzzer reports with the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRows(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: start, count: count))
    guard let mode = input.first else { return 0 }
    FuzzedReader(mode: mode).read(Array(input.dropFirst()))
    return 0
}

/// One way of reading bytes.
struct FuzzedReader {
    private let file: String
    private let format: RubricFormat?

    private static let extensions = ["jsonl", "json", "yaml", "toml"]

    /// The lower two bits choose the extension, the others a format, or none to have it told.
    init(mode: UInt8) {
        file = "t." + Self.extensions[Int(mode & 3)]
        let formats = RubricFormat.allCases
        let choice = Int(mode >> 2)
        format = choice < formats.count ? formats[choice] : nil
    }

    func read(_ bytes: [UInt8]) {
        var rows = RubricRowSequence()
        let layout = RubricFileLayout(of: bytes, file: file, format: format)
        do {
            try layout.forEachRow(of: bytes, file: file) { place in
                do {
                    let row = try RubricRow(place, as: format)
                    write(try rows.admit(row), from: row.format)
                } catch let error as DocumentError {
                    requirePlace(error)
                }
            }
        } catch let error as DocumentError {
            requirePlace(error)
        } catch {
            fatalError("an error of another kind: \(error)")
        }
    }

    private func requirePlace(_ error: DocumentError) {
        guard error.file == file, error.line ?? 1 >= 1, error.column ?? 1 >= 1 else {
            fatalError("an error without its place: \(error)")
        }
    }

    private func write(_ task: RubricTask, from source: RubricFormat) {
        for target in RubricFormat.allCases {
            let conversion = Conversion(from: source, to: target, undecided: .dropCriterion)
            do {
                let text = try conversion.text(of: conversion.convert(task).row)
                guard source == target || target == .native else { continue }
                readBack(text, task, of: target)
            } catch is ConversionError {
                continue
            } catch {
                fatalError("\(target.rawValue): \(error)")
            }
        }
    }

    private func readBack(_ text: String, _ task: RubricTask, of format: RubricFormat) {
        let file =
            switch format.layout {
            case .lines: "t.jsonl"
            case .files(let extensions): "t.\(extensions[0])"
            }
        do {
            let layout = RubricFileLayout(of: Array(text.utf8), file: file, format: format)
            try layout.forEachRow(of: Array(text.utf8), file: file) { place in
                let back = try RubricRow(place, as: format).task
                guard back.criteria.count == task.criteria.count else { fatalError("criteria got lost: \(text)") }
                if format == .native, back != task { fatalError("another row: \(text)") }
            }
        } catch {
            fatalError("\(format.rawValue) does not read what it wrote: \(error)\n\(text)")
        }
    }
}
