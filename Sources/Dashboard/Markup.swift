// SPDX-License-Identifier: Apache-2.0

import Mustache

/// Text that is safe to stand in a page.
///
/// Templates take nothing but this type, through `{{{name}}}`. The escaping that Mustache brings works on Characters, in
/// which a `"` or `<` followed by a combining mark is neither, and so would let a completion leave its attribute or
/// element; this one works on Unicode scalars.
struct Markup: Sendable, Hashable, MustacheCustomRenderable {
    /// The markup.
    let html: String

    /// Escapes a text for elements and quoted attributes; control characters become visible replacements.
    init(_ text: String) {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": scalars.append(contentsOf: "&lt;".unicodeScalars)
            case ">": scalars.append(contentsOf: "&gt;".unicodeScalars)
            case "&": scalars.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": scalars.append(contentsOf: "&quot;".unicodeScalars)
            case "'": scalars.append(contentsOf: "&#39;".unicodeScalars)
            case "\n", "\t": scalars.append(scalar)
            case "\r": continue
            default: scalars.append(Self.isForbidden(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        html = String(scalars)
    }

    private init(html: String) {
        self.html = html
    }

    /// Takes markup as it is. Only literals and what this type made may go in.
    static func trusted(_ html: String) -> Self {
        Self(html: html)
    }

    /// One piece after another.
    static func joined(_ parts: some Sequence<Markup>, separator: String = "") -> Self {
        Self(html: parts.map(\.html).joined(separator: separator))
    }

    static func + (left: Self, right: Self) -> Self {
        Self(html: left.html + right.html)
    }

    var renderText: String { html }
    var isNull: Bool { false }

    /// Control characters other than line ends and tabs, and scalars that XML and HTML forbid.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFFFE, 0xFFFF: true
        default: false
        }
    }
}

extension Markup {
    /// An element with attributes, which are escaped, and content.
    static func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: Markup...) -> Self
    {
        element(name, attributes, content)
    }

    /// An element with attributes, which are escaped, and content.
    static func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: [Markup]) -> Self
    {
        let list = attributes.map { " \($0.key)=\"\(Markup($0.value).html)\"" }.joined()
        let inner = joined(content).html
        // HTML ignores the slash of an empty element of its own and leaves it open; SVG's shapes may close themselves.
        let closesItself = inner.isEmpty && ["circle", "line", "path", "rect"].contains(name)
        return Self(html: closesItself ? "<\(name)\(list)/>" : "<\(name)\(list)>\(inner)</\(name)>")
    }
}
