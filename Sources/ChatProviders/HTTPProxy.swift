// SPDX-License-Identifier: Apache-2.0

package import AsyncHTTPClient
public import Foundation

/// A proxy between here and an endpoint.
public struct HTTPProxy: Sendable, Hashable {
    /// The proxy's host.
    public var host: String
    /// The proxy's port.
    public var port: Int
    /// What the proxy asks for, where the address carries it.
    var credentials: Secret?
    /// Whether it speaks SOCKS, version 5, rather than HTTP.
    var isSocks = false

    /// The proxy that the usual variables name for an address: `https_proxy`, `http_proxy`, `all_proxy`, but for the
    /// hosts of `no_proxy`, in small letters or capitals. `http_proxy` in capitals is left aside, as a server's client
    /// may set it.
    ///
    /// - Parameters:
    ///   - url: The endpoint's address.
    ///   - environment: Looks a variable up.
    public init?(for url: URL, environment: (String) -> String?) {
        func variable(_ name: String, capitals: Bool = true) -> String? {
            let value = environment(name) ?? (capitals ? environment(name.uppercased()) : nil)
            return value.flatMap { $0.utf8.isEmpty ? nil : $0 }
        }
        let host = (url.host ?? "").lowercased()
        let excluded = (variable("no_proxy") ?? "").lowercased().split { ", ".utf8.contains($0.utf8.first ?? 0) }
        guard !Self.isLocal(host), !excluded.contains(where: { Self.matches(host, String($0)) }) else { return nil }
        let isSecure = url.scheme == "https"
        let text = isSecure ? variable("https_proxy") : variable("http_proxy", capitals: false)
        guard let text = text ?? variable("all_proxy") else { return nil }
        self.init(text.contains("://") ? text : "http://\(text)")
    }

    private init?(_ text: String) {
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty else { return nil }
        let scheme = (url.scheme ?? "").lowercased()
        isSocks = ["socks", "socks5", "socks5h"].contains(scheme)
        self.host = host.utf8.first == UInt8(ascii: "[") ? String(host.dropFirst().dropLast()) : host
        port = url.port ?? (isSocks ? 1080 : scheme == "https" ? 443 : 80)
        if let user = url.user { credentials = Secret("\(user):\(url.password ?? "")") }
    }

    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    private static func matches(_ host: String, _ pattern: String) -> Bool {
        let suffix = pattern.hasPrefix(".") ? String(pattern.dropFirst()) : pattern
        return pattern == "*" || host == suffix || host.hasSuffix(".\(suffix)")
    }

    /// The client's form of it.
    package var configuration: HTTPClient.Configuration.Proxy {
        if isSocks { return .socksServer(host: host, port: port) }
        guard let credentials else { return .server(host: host, port: port) }
        return .server(
            host: host,
            port: port,
            authorization: .basic(credentials: Data(credentials.reveal().utf8).base64EncodedString())
        )
    }
}
