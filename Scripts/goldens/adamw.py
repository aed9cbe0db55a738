# SPDX-License-Identifier: Apache-2.0
"""Golden values of torch.optim.AdamW over several steps.

    python Scripts/goldens/adamw.py        writes Tests/TensorsTests/Goldens/adamw.json

A matrix with weight decay and a vector without, in single precision, with a learning rate and a gradient that change.
"""

import random

import torch

import golden_file

SEED = 7
STEPS = 6
SHAPES = {"matrix": [3, 4], "vector": [5]}


def run(options: dict) -> dict:
    draw = random.Random(SEED)

    def numbers(shape: list[int], scale: float) -> torch.Tensor:
        return torch.tensor([draw.uniform(-scale, scale) for _ in range(torch.Size(shape).numel())]).reshape(shape)

    parameters = {name: torch.nn.Parameter(numbers(shape, 1)) for name, shape in SHAPES.items()}
    optimizer = torch.optim.AdamW(
        [
            {"params": [parameters["matrix"]], "weight_decay": options["weight_decay"]},
            {"params": [parameters["vector"]], "weight_decay": 0},
        ],
        betas=(options["beta1"], options["beta2"]),
        eps=options["epsilon"],
    )
    start = {name: parameter.detach().flatten().tolist() for name, parameter in parameters.items()}
    steps = []
    for step in range(STEPS):
        rate = 1e-2 * (STEPS - step) / STEPS
        gradients = {name: numbers(shape, 10.0 ** -step) for name, shape in SHAPES.items()}
        for group in optimizer.param_groups:
            group["lr"] = rate
        for name, parameter in parameters.items():
            parameter.grad = gradients[name] * options["gradient_scale"]
        optimizer.step()
        steps.append(
            {
                "learning_rate": rate,
                "gradients": {name: gradient.flatten().tolist() for name, gradient in gradients.items()},
                "values": {name: parameter.detach().flatten().tolist() for name, parameter in parameters.items()},
            }
        )
    return {**options, "start": start, "steps": steps}


def main() -> None:
    defaults = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.0, "gradient_scale": 1.0}
    cases = [
        defaults,
        {**defaults, "weight_decay": 0.1},
        {**defaults, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-5, "weight_decay": 0.01, "gradient_scale": 0.37},
    ]
    golden_file.write(
        "Tests/TensorsTests/Goldens/adamw.json",
        {"made_with": {"torch": torch.__version__, "seed": SEED}, "shapes": SHAPES, "cases": [run(c) for c in cases]},
    )


if __name__ == "__main__":
    main()
