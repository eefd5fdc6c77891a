"""Writes what other trackers leave on disk. Arguments: the tracker, and a folder."""

import os
import sys

import numpy

tracker, folder = sys.argv[1:]
pixels = numpy.zeros((4, 4, 3), dtype=numpy.uint8)

if tracker == "tensorboard":
    from tensorboardX import SummaryWriter

    for run in ("train", "val"):
        with SummaryWriter(os.path.join(folder, run)) as writer:
            for step in range(5):
                writer.add_scalar("loss", 1 / (step + 1), step)
            writer.add_image("picture", pixels, 1, dataformats="HWC")
            writer.add_text("note", "three plums", 2)
            writer.add_histogram("weights", numpy.arange(10.0), 0)

if tracker == "wandb":
    os.environ.update(WANDB_MODE="offline", WANDB_DIR=folder, WANDB_SILENT="true")
    import wandb

    run = wandb.init(project="fruit", name="plum", config={"lr": 0.1, "opt": {"name": "adam"}}, tags=["first"], notes="Two trees.")
    for step in range(5):
        run.log({"loss": 1 / (step + 1), "nested": {"x": step}})
    run.log({"picture": wandb.Image(pixels)})
    run.summary["best"] = 0.5
    run.finish()

if tracker == "comet":
    import comet_ml

    experiment = comet_ml.OfflineExperiment(project_name="fruit", workspace="w", offline_directory=folder, api_key="none")
    experiment.set_name("pear")
    experiment.add_tag("first")
    experiment.log_parameters({"lr": 0.1, "depth": 3})
    for step in range(5):
        experiment.log_metric("loss", 1 / (step + 1), step=step)
    asset = os.path.join(folder, "asset.txt")
    with open(asset, "w") as file:
        file.write("three pears")
    experiment.log_asset(asset, file_name="asset.txt")
    experiment.end()
