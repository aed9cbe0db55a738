// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// For people.
    case text
    /// For machines.
    case json
}
