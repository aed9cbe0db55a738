// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A model at an address, and how it is spoken to.
public struct ChatEndpoint: Sendable, Hashable {
    /// The protocol of an endpoint.
    public enum Dialect: Sendable, Hashable {
        /// `POST /chat/completions` as OpenAI, vLLM, SGLang, llama.cpp, Ollama and others have it.
        case openAI
        /// `POST /messages` as Anthropic has it.
        case anthropic
    }

    /// How an endpoint is asked for JSON of a schema.
    public enum StructuredOutput: String, Sendable, Hashable, CaseIterable {
        /// `response_format: {"type": "json_schema"}`, strict.
        case jsonSchema = "json_schema"
        /// One tool whose arguments are the answer.
        case tool
        /// vLLM's `structured_outputs`.
        case structuredOutputs = "structured_outputs"
        /// Not at all; the prompt alone asks.
        case none
    }

    /// The provider's name in records: `openai`, `anthropic`, or the host.
    public var provider: String
    /// The model's name at the endpoint.
    public var model: String
    /// Where the protocol's paths begin, for example `https://api.openai.com/v1`.
    public var baseURL: URL
    /// The protocol.
    public var dialect: Dialect
    /// How JSON is asked for.
    public var structuredOutput: StructuredOutput
    /// The key, where one is needed.
    public var key: Secret?

    /// Makes an endpoint.
    public init(
        provider: String,
        model: String,
        baseURL: URL,
        dialect: Dialect,
        structuredOutput: StructuredOutput,
        key: Secret?
    ) {
        self.provider = provider
        self.model = model
        self.baseURL = baseURL
        self.dialect = dialect
        self.structuredOutput = structuredOutput
        self.key = key
    }

    /// Reads `openai:MODEL`, `anthropic:MODEL` or `URL#MODEL`.
    ///
    /// - Parameters:
    ///   - text: The address.
    ///   - keys: Looks an environment variable up. `OPENAI_API_KEY` and `ANTHROPIC_API_KEY` go to their own hosts alone,
    ///     `RUBRICS_JUDGE_API_KEY` to other addresses.
    /// - Throws: ``ChatEndpointError`` with what is missing and how to give it.
    public init(_ text: String, keys: (String) -> String?) throws {
        func key(_ name: String) throws -> Secret {
            guard let value = keys(name), !value.isEmpty else {
                throw ChatEndpointError(address: text, message: "\(name) is not set: export it with your key")
            }
            return Secret(value)
        }
        if let model = Self.model(in: text, after: "openai:") {
            try self.init(
                provider: "openai",
                model: model,
                baseURL: Self.url("https://api.openai.com/v1", in: text),
                dialect: .openAI,
                structuredOutput: .jsonSchema,
                key: key("OPENAI_API_KEY")
            )
        } else if let model = Self.model(in: text, after: "anthropic:") {
            try self.init(
                provider: "anthropic",
                model: model,
                baseURL: Self.url("https://api.anthropic.com/v1", in: text),
                dialect: .anthropic,
                structuredOutput: .tool,
                key: key("ANTHROPIC_API_KEY")
            )
        } else {
            try self.init(address: text, key: keys("RUBRICS_JUDGE_API_KEY").flatMap { $0.isEmpty ? nil : Secret($0) })
        }
    }

    private init(address: String, key: Secret?) throws {
        guard let mark = address.lastIndex(of: "#") else {
            throw ChatEndpointError(
                address: address,
                message:
                    "expected openai:MODEL, anthropic:MODEL or URL#MODEL, for example http://localhost:8000/v1#qwen"
            )
        }
        let model = String(address[address.index(after: mark)...])
        let url = try Self.url(String(address[..<mark]), in: address)
        guard !model.isEmpty else {
            throw ChatEndpointError(address: address, message: "no model after #: write URL#MODEL")
        }
        self.init(
            provider: url.host ?? "endpoint",
            model: model,
            baseURL: url,
            dialect: .openAI,
            structuredOutput: .jsonSchema,
            key: key
        )
    }

    private static func model(in text: String, after prefix: String) -> String? {
        guard text.utf8.starts(with: prefix.utf8), text.utf8.count > prefix.utf8.count else { return nil }
        return String(text.dropFirst(prefix.count))
    }

    private static func url(_ text: String, in address: String) throws -> URL {
        guard let url = URL(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty
        else {
            throw ChatEndpointError(address: address, message: "\(text) is no http or https address")
        }
        return url
    }
}

/// Why an address of a model cannot be used.
public struct ChatEndpointError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address as it was given.
    public var address: String
    /// What is wrong and what to do.
    public var message: String

    /// One line.
    public var description: String { "\(address): \(message)" }
}
