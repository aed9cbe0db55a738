// SPDX-License-Identifier: Apache-2.0

/// A repository on the Hugging Face hub, as commands take it: `hf:ORG/NAME`, or `hf:ORG/NAME@REVISION`.
public struct HubAddress: Sendable, Hashable, CustomStringConvertible {
    /// `ORG/NAME`.
    public var repository: String
    /// A branch, a tag or a commit; `main` when the address names none.
    public var revision: String

    /// Names a repository.
    public init(repository: String, revision: String = "main") {
        self.repository = repository
        self.revision = revision
    }

    /// Reads an address; `nil` for a text that does not begin with `hf:`.
    ///
    /// - Parameter text: What the user wrote.
    /// - Throws: ``HubError`` with the code `invalidAddress` for one that does and is no address.
    public init?(_ text: String) throws {
        guard text.utf8.starts(with: "hf:".utf8) else { return nil }
        let parts = text.dropFirst(3).split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        let isNamed = names.count == 2 && names.allSatisfy(Self.isName)
        let isRevision = parts.count == 1 || (!parts[1].isEmpty && !parts[1].contains(".."))
        guard isNamed, isRevision else {
            throw HubError(
                .invalidAddress,
                "\(text) is no address on the hub: write hf:ORG/NAME or hf:ORG/NAME@REVISION"
            )
        }
        self.init(repository: String(parts[0]), revision: parts.count == 2 ? String(parts[1]) : "main")
    }

    /// As the user writes it.
    public var description: String { "hf:\(repository)\(revision == "main" ? "" : "@\(revision)")" }

    private static func isName(_ name: Substring) -> Bool {
        name.utf8.first != UInt8(ascii: ".") && !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
            }
    }
}
