// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// A table's file format.
package enum TableFormat: String, Sendable, Hashable, CaseIterable {
    case parquet
    case csv
    case tsv

    /// Tells the format from a file's name; `nil` for one that is no table.
    package init?(path: String) {
        let name = path.lowercased()
        guard let format = Self.allCases.first(where: { name.hasSuffix("." + $0.rawValue) }) else { return nil }
        self = format
    }
}

/// DuckDB's command-line program, which reads tables.
///
/// It gets the open file as its standard input, so that no file name enters a query, may open nothing else, loads no
/// extension, and hands rows on as it reads them.
package struct DuckDB: Sendable, Hashable {
    /// What to do where the program is missing.
    package static let remedy = "run `pip install duckdb-cli` (or Scripts/setup duckdb), or name it with RUBRICS_DUCKDB"

    /// The program.
    package let program: String

    /// Names a program.
    package init(program: String) {
        self.program = program
    }

    /// Finds the program.
    ///
    /// - Parameters:
    ///   - named: Where the user says it is; nothing else counts then.
    ///   - searchPath: Folders, separated by colons.
    ///   - others: Further places.
    /// - Throws: ``HubError`` with the remedy when it is in none.
    package init(named: String?, searchPath: String, others: [String] = []) throws {
        let folders = searchPath.utf8.split(separator: UInt8(ascii: ":")).map { String(decoding: $0, as: UTF8.self) }
        let places = named.map { [$0] } ?? (folders.map { $0 + "/duckdb" } + others)
        guard let program = places.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            let place = named.map { "RUBRICS_DUCKDB names \($0), which is no program" } ?? "duckdb is not installed"
            throw HubError(.queryFailed, "\(place); Parquet and CSV files are read with it: \(Self.remedy)")
        }
        self.init(program: program)
    }

    /// The rows of a table as JSON, in file order.
    ///
    /// Lists, structures and 64-bit integers of Parquet come as they are; every cell of a CSV file is a text, an empty one
    /// without quotes null.
    ///
    /// - Parameters:
    ///   - url: The file.
    ///   - format: Its format.
    /// - Returns: The rows, which are read as they are asked for; ending early ends the program.
    package func rows(of url: URL, format: TableFormat) -> DuckDBRows {
        DuckDBRows(program: program, file: url, query: Self.query(format))
    }

    /// What the program is told to do.
    static func query(_ format: TableFormat) -> String {
        let settings = """
            SET memory_limit='1GB'; SET threads=1; SET temp_directory='';
            SET autoinstall_known_extensions=false; SET autoload_known_extensions=false;
            SET allowed_paths=['/dev/stdin','/dev/stdout']; SET enable_external_access=false;
            SET lock_configuration=true;
            """
        // The name of the table, which no column has.
        let alias = "\"rubrics:table\""
        let output = "TO '/dev/stdout' (FORMAT json);"
        guard format != .parquet else {
            return settings + "COPY (SELECT \(alias) AS row FROM read_parquet('/dev/stdin') \(alias)) " + output
        }
        let delimiter = format == .csv ? "','" : "chr(9)"
        return settings + """
            COPY (SELECT \(alias) AS row FROM read_csv('/dev/stdin', header=true, all_varchar=true, delim=\(delimiter),
            quote='"', escape='"', allow_quoted_nulls=false, max_line_size=16777216, buffer_size=67108864,
            store_rejects=true, rejects_limit=1000) \(alias)) \(output)
            COPY (SELECT {line: line, message: any_value(error_message)} AS rejected FROM reject_errors
            GROUP BY line ORDER BY line) \(output)
            """
    }
}
