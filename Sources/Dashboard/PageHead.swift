// SPDX-License-Identifier: Apache-2.0

/// The beginning of every page that needs nothing else: no script runs in it, and nothing is loaded.
enum PageHead {
    /// The template, which takes `title` and `style`.
    static let template = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="color-scheme" content="light dark">
        <title>{{{title}}}</title>
        <style>
        {{{style}}}</style>
        </head>

        """
}
