// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import Logging
import NIOCore

extension ReviewServer {
    /// Serves until it is cancelled.
    ///
    /// - Parameters:
    ///   - port: The port on 127.0.0.1; 0 takes a free one.
    ///   - onReady: Takes the page's address, as soon as it is served.
    /// - Throws: An error of the network where the port is taken.
    package func run(port: Int, onReady: @escaping @Sendable (String) -> Void) async throws {
        try await application(port: port, onReady: onReady).run()
    }

    /// The server as an application.
    func application(
        port: Int,
        onReady: @escaping @Sendable (String) -> Void = { _ in }
    ) -> some ApplicationProtocol {
        let token = token
        return Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in
                onReady("http://127.0.0.1:\(channel.localAddress?.port ?? port)/\(token)/")
            },
            logger: Logger(label: "rubrics.review", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
