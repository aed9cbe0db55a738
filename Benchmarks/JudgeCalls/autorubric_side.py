# SPDX-License-Identifier: Apache-2.0
"""`autorubric`'s side of Benchmarks/judging: CriterionGrader with an LLM judge over LiteLLM, one call a criterion.

Everything is the library's default (3 attempts, 60 s a call, no cache) but the model's address and the calls in flight.
"""
import os
import time

started = time.perf_counter()
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else the import fetches prices from the network

import litellm
from autorubric import LLMConfig, Rubric
from autorubric.graders import CriterionGrader

from grading import criteria, measure, options

settings = options()
litellm.suppress_debug_info = True
grader = CriterionGrader(
    judge_model_config=LLMConfig(
        model=f"openai/{settings.model}",
        api_base=settings.url,
        api_key="unused",
        temperature=0.0,
        max_parallel_requests=settings.concurrency,
    )
)


async def grade(rubric, response):
    report = await Rubric.from_dict(criteria(rubric)).grade(response, grader=grader, query=rubric["prompt"])
    verdicts = [{"verdict": item.final_verdict.value, "error": item.error} for item in report.report or []]
    return {"score": report.score, "error": report.error, "verdicts": verdicts}


measure(settings, started, grade)
