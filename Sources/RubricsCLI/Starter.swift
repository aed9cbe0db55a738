// SPDX-License-Identifier: Apache-2.0

/// What `rubrics init` writes.
enum Starter {
    static func recipe(name: String) -> String {
        """
        # A starter recipe. Docs/recipes.md explains every key; whatever is left out takes its default.
        name: "\(runName(name))"
        seed: 1
        policy:
          model: models/SmolLM2-135M-Instruct.gguf   # a Hugging Face directory or a GGUF file
        data:
          train: rubrics.jsonl                       # rubric rows, beside this file
        sampling:
          max_completion_tokens: 96
        grpo:
          steps: 20
          prompts_per_step: 3
          group_size: 8
          tokens_per_microbatch: 1024
        optimizer:
          learning_rate: 5.0e-5

        """
    }

    /// The folder's name with what no run's name may have replaced.
    private static func runName(_ folder: String) -> String {
        let allowed = folder.unicodeScalars.map { scalar -> Character in
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains(scalar))
            return isPlain ? Character(scalar) : "-"
        }
        let name = String(allowed.drop { $0 == "." }.prefix(100))
        return name.isEmpty ? "run" : name
    }

    static let rows = """
        {"id": "burn", "prompt": "I just burnt my hand on the oven. What should I do?", "reference_answer": "Hold the burn under cool running water for twenty minutes, then cover it loosely with cling film.", "criteria": [{"title": "Cool water", "description": "Says to cool the burn under running water.", "importance": "essential", "polarity": "positive", "kind": "content", "check": {"sentence": {"all_of": [["cool", "cold", "running"], ["water", "tap"]]}}}, {"title": "Ice", "description": "Recommends putting ice or butter on the burn.", "importance": "pitfall", "polarity": "negative", "kind": "content", "check": {"and": [{"any_of": ["ice", "butter"]}, {"not": {"any_of": ["do not", "don't", "avoid", "never"]}}]}}, {"title": "Short", "description": "Takes between 20 and 70 words.", "importance": "important", "polarity": "positive", "kind": "form", "check": {"words": {"min": 20, "max": 70}}}]}
        {"id": "ice", "prompt": "Why does ice float on water?", "reference_answer": "Water expands when it freezes, so ice is less dense than the liquid and floats.", "criteria": [{"title": "Density", "description": "Says that ice is less dense than water.", "importance": "essential", "polarity": "positive", "kind": "content", "check": {"sentence": {"all_of": [["less dense", "lower density", "lighter"], ["water", "liquid"]]}}}, {"title": "Expansion", "description": "Says that water expands when it freezes.", "importance": "important", "polarity": "positive", "kind": "content", "check": {"sentence": {"all_of": [["expands", "expand", "expanding", "takes up more space"], ["freezes", "freeze", "freezing", "frozen", "ice"]]}}}, {"title": "Whole sentences", "description": "Finishes its last sentence.", "importance": "important", "polarity": "positive", "kind": "form", "check": {"regex": "[.!?]\\\\s*$"}}]}
        {"id": "sum", "prompt": "What is 17 + 25? End with 'Answer: NUMBER'.", "reference_answer": "Answer: 42", "criteria": [{"title": "Right answer", "description": "Gives 42 as the final answer.", "importance": "essential", "polarity": "positive", "kind": "content", "check": {"final_answer": "42"}}]}

        """
}
