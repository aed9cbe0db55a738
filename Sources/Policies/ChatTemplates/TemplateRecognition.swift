// SPDX-License-Identifier: Apache-2.0

/// Finds a template among the known ones by what stands in its canonical form.
enum TemplateRecognition {
    /// What is known of a template.
    struct Recognized {
        var form: ChatTemplate.Form
        var defaultSystemMessage: String?
    }

    /// Recognises a template, or `nil`.
    static func recognize(_ source: String) -> Recognized? {
        var text = JinjaCanonicalForm(source).text
        let message = defaultSystemMessage(in: text)
        if let message { text = replacing(message, by: Array("DEFAULT".utf8), in: text) }
        for known in KnownTemplate.all where known.matches(text) {
            guard known.hasDefault == (message != nil) else { continue }
            return Recognized(form: known.form, defaultSystemMessage: message.map(unescaped))
        }
        return nil
    }

    /// The system message that a template writes by itself.
    private static func defaultSystemMessage(in text: [UInt8]) -> [UInt8]? {
        let opening = Array(#"{{'<|im_start|>system\n"#.utf8)
        let closing = Array(#"<|im_end|>\n'}}"#.utf8)
        var index = 0
        while let start = firstIndex(of: opening, in: text, from: index) {
            let first = start + opening.count
            guard let end = firstIndex(of: closing, in: text, from: first) else { return nil }
            let message = text[first..<end]
            // In `'<|im_start|>system\n'+messages[0].content+'<|im_end|>\n'` a quote stands between.
            if !message.isEmpty, !containsBareQuote(message) { return Array(message) }
            index = first
        }
        return nil
    }

    private static func containsBareQuote(_ text: ArraySlice<UInt8>) -> Bool {
        zip(text, [0] + text.dropLast()).contains { $0 == UInt8(ascii: "'") && $1 != UInt8(ascii: "\\") }
    }

    private static func unescaped(_ text: [UInt8]) -> String {
        var result: [UInt8] = []
        var escaped = false
        for byte in text {
            if escaped {
                result.append(byte == UInt8(ascii: "n") ? 0x0A : byte == UInt8(ascii: "t") ? 0x09 : byte)
                escaped = false
            } else if byte == UInt8(ascii: "\\") {
                escaped = true
            } else {
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func firstIndex(of part: [UInt8], in text: [UInt8], from start: Int = 0) -> Int? {
        guard !part.isEmpty, start + part.count <= text.count else { return nil }
        return (start...text.count - part.count).first { text[$0..<$0 + part.count].elementsEqual(part) }
    }

    private static func replacing(_ part: [UInt8], by other: [UInt8], in text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var index = 0
        while let found = firstIndex(of: part, in: text, from: index) {
            result += text[index..<found] + other
            index = found + part.count
        }
        return result + text[index...]
    }
}

/// A published template, by its canonical form.
private struct KnownTemplate {
    var form: ChatTemplate.Form
    var hasDefault: Bool
    /// What must stand in the text, in this order.
    var fragments: [String]
    /// Whether there may be more between the fragments: branches for tools, which no prompt here has.
    var allowsMore: Bool

    func matches(_ text: [UInt8]) -> Bool {
        guard allowsMore else { return text.elementsEqual(fragments.joined().utf8) }
        var index = 0
        for fragment in fragments {
            let bytes = Array(fragment.utf8)
            guard let found = TemplateRecognition.firstIndex(of: bytes, in: text, from: index) else { return false }
            index = found + bytes.count
        }
        return index == text.count
    }

    static let all = [smolLM2, chatML, chatMLWithDefinition, qwen25, qwen3Instruct, qwen3]

    private static let everyMessage = "{{'<|im_start|>'+message.role+'\\n'+message.content+'<|im_end|>\\n'}}"
    private static let generation = "{%if add_generation_prompt%}{{'<|im_start|>assistant\\n'}}{%endif%}"

    /// SmolLM2 and Qwen2.
    private static let smolLM2 = Self(
        form: .chatML,
        hasDefault: true,
        fragments: [
            "{%for message in messages%}{%if loop.first and messages[0].role!='system'%}",
            "{{'<|im_start|>system\\nDEFAULT<|im_end|>\\n'}}{%endif%}",
            everyMessage, "{%endfor%}", generation,
        ],
        allowsMore: false
    )

    private static let chatML = Self(
        form: .chatML,
        hasDefault: false,
        fragments: ["{%for message in messages%}", everyMessage, "{%endfor%}", generation],
        allowsMore: false
    )

    /// As the ChatML specification of many base models has it.
    private static let chatMLWithDefinition = Self(
        form: .chatML,
        hasDefault: false,
        fragments: [
            "{%if not add_generation_prompt is defined%}{%set add_generation_prompt=false%}{%endif%}"
        ] + chatML.fragments,
        allowsMore: false
    )

    private static let qwen25 = Self(
        form: .chatML,
        hasDefault: true,
        fragments: [
            "{%if tools%}",
            "{%else%}{%if messages[0].role=='system'%}",
            "{{'<|im_start|>system\\n'+messages[0].content+'<|im_end|>\\n'}}{%else%}",
            "{{'<|im_start|>system\\nDEFAULT<|im_end|>\\n'}}{%endif%}{%endif%}{%for message in messages%}",
            "{%if(message.role=='user')or(message.role=='system'and not loop.first)",
            "or(message.role=='assistant'and not message.tool_calls)%}",
            everyMessage,
            "{%endfor%}" + generation,
        ],
        allowsMore: true
    )

    /// Qwen3-2507, which does not think.
    private static let qwen3Instruct = Self(
        form: .chatML,
        hasDefault: false,
        fragments: [
            "{%if tools%}",
            "{%else%}{%if messages[0].role=='system'%}",
            "{{'<|im_start|>system\\n'+messages[0].content+'<|im_end|>\\n'}}{%endif%}{%endif%}{%for message in messages%}",
            "{%if(message.role=='user')or(message.role=='system'and not loop.first)%}",
            "{{'<|im_start|>'+message.role+'\\n'+content+'<|im_end|>\\n'}}{%elif message.role=='assistant'%}",
            "{{'<|im_start|>'+message.role+'\\n'+content}}{%if message.tool_calls%}",
            "{%endfor%}" + generation,
        ],
        allowsMore: true
    )

    private static let qwen3 = Self(
        form: .qwen3,
        hasDefault: false,
        fragments: [
            "{%if tools%}",
            "{%else%}{%if messages[0].role=='system'%}",
            "{{'<|im_start|>system\\n'+messages[0].content+'<|im_end|>\\n'}}{%endif%}{%endif%}",
            "ns.last_query_index",
            "{%if(message.role=='user')or(message.role=='system'and not loop.first)%}",
            "{%if loop.index0>ns.last_query_index%}",
            "\\n<think>\\n'+reasoning_content.strip('\\n')+'\\n</think>\\n\\n'+content.lstrip('\\n')}}",
            "{%endfor%}{%if add_generation_prompt%}{{'<|im_start|>assistant\\n'}}",
            "{%if enable_thinking is defined and enable_thinking is false%}",
            "{{'<think>\\n\\n</think>\\n\\n'}}{%endif%}{%endif%}",
        ],
        allowsMore: true
    )
}
