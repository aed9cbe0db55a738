# SPDX-License-Identifier: Apache-2.0
"""`rubric`'s side of Benchmarks/judging: PerCriterionGrader over the generate_fn that its README shows for OpenAI.

The function is the README's, with one client for all calls where the README makes one a call, and a semaphore, as the
library limits nothing. `--attempts` above 1 adds the README's own loop for answers that do not validate; `--aiohttp`
takes the transport that the OpenAI client's README names for many calls at once.
"""
import time

started = time.perf_counter()

import asyncio

from openai import AsyncOpenAI, DefaultAioHttpClient
from pydantic import ValidationError
from rubric import PerCriterionOutput, Rubric
from rubric.autograders import PerCriterionGrader

from grading import criteria, measure, options

settings = options()
transport = DefaultAioHttpClient() if settings.aiohttp else None
client = AsyncOpenAI(api_key="unused", base_url=settings.url, http_client=transport)
in_flight = asyncio.Semaphore(settings.concurrency)


async def answer(system_prompt, user_prompt):
    async with in_flight:
        response = await client.chat.completions.create(
            model=settings.model,
            messages=[{"role": "system", "content": system_prompt}, {"role": "user", "content": user_prompt}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "criterion_output", "schema": PerCriterionOutput.model_json_schema()},
            },
            max_tokens=400,
            temperature=0.0,
        )
    return PerCriterionOutput.model_validate_json(response.choices[0].message.content or "{}")


async def generate(system_prompt, user_prompt):
    for attempt in range(1, settings.attempts + 1):
        try:
            return await answer(system_prompt, user_prompt)
        except ValidationError:
            if attempt == settings.attempts:
                raise


async def grade(rubric, response):
    report = await Rubric.from_dict(criteria(rubric)).grade(
        response, autograder=PerCriterionGrader(generate_fn=generate), query=rubric["prompt"]
    )
    verdicts = [{"verdict": item.verdict, "error": None} for item in report.report]
    return {"score": report.score, "error": None, "verdicts": verdicts}


measure(settings, started, grade)
