// SPDX-License-Identifier: Apache-2.0

/// The words and phrases behind the wording rules, in lower case between spaces; an apostrophe belongs to its word.
enum LintWordLists {
    /// Carry grammar rather than content.
    static let function = """
        a an the this that these those it its they them their there here he she his her him we our us you your i me my
        of in on at to for from by with within into onto over under between among through during before after about as
        than then if when where which who whom whose what why how and or but so because since while although though
        whether is are was were be been being am do does did done doing has have had having will would can could may
        might also both each any all some such other another more most less least much many very too only just even
        still own same one two per via up down out off again further once upon against toward towards like e g i.e vs
        etc et al s t
        """

    /// Belong to rubrics in general: a statement of these words alone could stand under any question.
    static let generic = """
        answer answers answering answered response responses respond responding reply explanation explanations
        explaining reasoning reason reasons conclusion conclusions concluding solution solutions statement statements
        question questions questioner prompt problem problems task asked user user's reader readers audience
        information detail details detailed content context contextual point points aspect aspects element elements
        part parts step steps stepwise key main relevant irrelevant extraneous unrelated related relation
        clear clearly clarity concise concisely conciseness brief briefly brevity succinct succinctly short
        unnecessary unneeded superfluous synoptic redundant redundancy excessive excessively overly verbose verbosity
        repetition
        complete completely completeness comprehensive comprehensively thorough thoroughly full fully whole entire
        accurate accurately accuracy inaccurate inaccurately correct correctly correctness incorrect incorrectly wrong
        factual factually right true false error errors mistake mistakes misleading
        logical logically logic coherent coherently coherence structured structure structuring organized organised
        organization organize well format formatted formatting readable readability flow order ordering sequence
        style language wording terms term terminology jargon tone professional empathetic empathy respectful
        understandable understanding understand accessible easy easily simple simply straightforward
        final correct option options choice choices alternative alternatives letter
        important importance essential significant significance necessary critical crucial crucially
        specific specifically explicit explicitly precise precisely direct directly definitive definitely
        evidence supporting support supports justification justifications argument arguments claim claims
        ambiguity ambiguous ambiguities confusing confusion unclear vague vagueness
        focus focused focusing topic subject overall general generally additional additionally further extra
        appropriate appropriately manner way ways form forms example examples illustrate illustrative
        present presented presenting presentation provided providing given based using used use uses without
        lack lacks lacking contain contains containing contained needed need needs require required requires
        concept concepts underlying principle principles process assumption assumptions
        quality helpful helpfulness useful insight insights depth deep deeper level sufficient sufficiently
        description descriptions describing discussion discussing mention mentioning stating including include
        ensure ensures ensuring making make makes made maintain maintains maintaining remain remains remaining keep
        keeps follow follows following leading lead leads allow allows allowing help helps
        """

    /// Turn a statement around.
    static let negations = """
        not no never none neither nor without cannot can't don't doesn't didn't isn't aren't won't shouldn't mustn't
        avoid avoids avoiding fail fails failing omit omits omitting neglect neglects neglecting ignore ignores ignoring
        """

    /// Open a statement about an answer.
    static let actions = """
        acknowledges addresses advises analyzes applies asks asserts assesses calculates characterizes cites clarifies
        compares computes concludes confirms connects considers contrasts correlates defines demonstrates derives
        describes details determines differentiates discusses distinguishes elaborates emphasizes encourages evaluates
        explains explores expresses gives highlights identifies illustrates includes indicates informs instructs
        interprets introduces invokes justifies lists mentions names notes offers outlines points presents proposes
        provides quantifies recalls recognizes recommends refers references reports seeks shows simplifies solves
        specifies states stresses substitutes suggests summarizes uses verifies warns writes acknowledges cautions
        """

    /// The same words behind "must" and "should".
    static let bareActions = """
        acknowledge address advise analyze apply ask assert assess calculate characterize cite clarify compare compute
        conclude confirm connect consider contrast correlate define demonstrate derive describe determine differentiate
        discuss distinguish elaborate emphasize encourage evaluate explain explore express give highlight identify
        illustrate include indicate inform instruct interpret introduce invoke justify list mention name note offer
        outline present propose provide quantify recall recognize recommend refer report seek show simplify solve
        specify state stress substitute suggest summarize use verify warn write caution
        """

    /// Stand in front of a bare action.
    static let modals = "must should may could might shall can ought will would"

    /// Leave open how much or which, unless something spells it out.
    static let vague = "adequate appropriate proper suitable sufficient reasonable satisfactory"

    /// Open a clause with a statement of its own.
    static let clauses = "that how why when whether if which"

    /// Make a pitfall about something else than the fact it names.
    static let asides = """
        unrelated irrelevant misleading incorrect unnecessary extraneous nonspecific inappropriate unsupported wrong
        """

    /// Show that what is meant is spelt out.
    static let specifying =
        "by such including include includes namely specifically especially particularly example e.g eg like"

    /// End with a point that ends no sentence.
    static let abbreviations = """
        e.g i.e eg ie vs etc dr mr mrs ms prof fig figs eq eqs no nos approx ca cf al ref refs sec ch vol st inc ltd
        resp
        """

    /// Words that say the opposite of each other in one and the same statement.
    static let opposites = [
        "increases decreases", "increase decrease", "increased decreased", "increasing decreasing",
        "overestimate underestimate", "overestimates underestimates", "overestimated underestimated", "higher lower",
        "greater smaller", "positive negative", "true false", "before after", "exothermic endothermic",
        "acidic basic", "attractive repulsive", "maximum minimum", "above below", "hyperkalemia hypokalemia",
        "hypernatremia hyponatremia", "benign malignant", "acute chronic", "left right", "rises falls",
        "rise fall", "gains loses", "stable unstable", "elastic inelastic", "convergent divergent",
        "converges diverges", "even odd", "constructive destructive",
    ]
}
