// SPDX-License-Identifier: Apache-2.0

/// A repository on the hub with its kind: models and data sets have addresses of their own.
package struct HubRepository: Sendable, Hashable {
    /// What a repository holds.
    package enum Kind: String, Sendable, Hashable {
        case models
        case datasets
    }

    /// What it holds.
    package var kind: Kind
    /// Its name and the revision that is asked for.
    package var address: HubAddress

    /// Names a repository.
    package init(_ kind: Kind, _ address: HubAddress) {
        self.kind = kind
        self.address = address
    }

    /// The path of what the API says about the revision.
    var revisionPath: String {
        "/api/\(kind.rawValue)/\(address.repository)/revision/\(HubPath.encoded(address.revision))"
    }

    /// The path of the list of files at a commit.
    func treePath(_ commit: String) -> String {
        "/api/\(kind.rawValue)/\(address.repository)/tree/\(commit)?recursive=true"
    }

    /// The path of a file's content at a commit.
    func contentPath(_ file: HubFile, _ commit: String) -> String {
        let prefix = kind == .datasets ? "/datasets" : ""
        return "\(prefix)/\(address.repository)/resolve/\(commit)/\(HubPath.encoded(file.path, keeping: [0x2F]))"
    }

    /// The repository's page, where terms are accepted.
    var pagePath: String { (kind == .datasets ? "/datasets/" : "/") + address.repository }
}

/// Paths of addresses and files.
enum HubPath {
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// A text with every byte escaped that may stand for something else in an address.
    static func encoded(_ text: String, keeping kept: Set<UInt8> = []) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte in
            unreserved.contains(byte) || kept.contains(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a file's name stays within the folder that it is put into.
    static func isSafe(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isShort = path.utf8.count <= 1024 && parts.allSatisfy { $0.count <= 255 }
        let isPlain = path.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
        return isShort && isPlain
            && parts.allSatisfy { part in
                !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
            }
    }

    /// Whether a text is a commit: 40 hexadecimal digits in lower case.
    static func isCommit(_ text: String) -> Bool {
        text.utf8.count == 40 && text.utf8.allSatisfy(isDigit)
    }

    /// Whether a text is a SHA-256: 64 hexadecimal digits in lower case.
    static func isContentHash(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
