// SPDX-License-Identifier: Apache-2.0

/// The page's colours for light and for dark, by their role. Tests hold their contrast to WCAG 2.2.
enum ReportColors {
    /// A role's name in the style sheet and its two colours.
    struct Token: Sendable, Hashable {
        let name: String
        let light: String
        let dark: String

        init(_ name: String, _ light: String, _ dark: String) {
            self.name = name
            self.light = light
            self.dark = dark
        }
    }

    static let tokens = [
        Token("page", "#faf9f6", "#14161a"),
        Token("surface", "#ffffff", "#1c1f24"),
        Token("ink", "#1b1e23", "#e9e7e2"),
        Token("muted", "#5a5f68", "#a7acb5"),
        Token("rule", "#dedad2", "#363b43"),
        Token("grid", "#ebe8e1", "#2a2e35"),
        Token("main", "#1f5f99", "#77b6ec"),
        Token("quiet", "#777c85", "#8f959f"),
        Token("content", "#0a7168", "#52c7b8"),
        Token("form", "#a85400", "#f0a55a"),
        Token("essential", "#1f5f99", "#77b6ec"),
        Token("important", "#0a7168", "#52c7b8"),
        Token("optional", "#7d6200", "#d8b84e"),
        Token("pitfall", "#a83232", "#f19189"),
        Token("good", "#20703f", "#6fcf97"),
        Token("bad", "#a83232", "#f19189"),
        Token("good-wash", "#d9f0e0", "#1d3f2b"),
        Token("bad-wash", "#f9dfdc", "#4d2523"),
        Token("mixed-wash", "#f4ebcb", "#453b1a"),
        Token("heat", "#0f4c81", "#8cc8f5"),
        Token("heat-weak", "#000000", "#ffffff"),
        Token("heat-middle", "#000000", "#000000"),
        Token("heat-strong", "#ffffff", "#000000"),
    ]

    /// The custom properties, those of dark pages where the reader's system asks for one.
    static var styleSheet: String {
        let light = tokens.map { "--\($0.name):\($0.light);" }.joined()
        let dark = tokens.map { "--\($0.name):\($0.dark);" }.joined()
        return ":root{color-scheme:light dark;\(light)}\n@media(prefers-color-scheme:dark){:root{\(dark)}}\n"
    }
}
