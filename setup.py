"""Says where the wheel's files come from; everything else about the package is in pyproject.toml.

`assets/` and `configs/` stay at the top, where a Space and the training commands need them; in the wheel they lie
inside the package, where `settings.bundled_folder` finds them.
"""

from setuptools import find_packages, setup

setup(
    packages=[*find_packages(include=["videobert_demo*"]), "videobert_demo.assets", "videobert_demo.configs"],
    package_dir={"videobert_demo.assets": "assets", "videobert_demo.configs": "configs"},
    package_data={
        "videobert_demo": ["py.typed"],
        "videobert_demo.assets": [
            "checkpoint/*",
            "checkpoint/translator/*",
            "examples/*",
            "examples/posters/*",
            "watchlists/*.json",
        ],
        "videobert_demo.configs": ["*.txt", "*.yaml"],
        "videobert_demo.questions": ["chinese/*.txt"],
        "videobert_demo.timeline": ["exports/*.html"],
        "videobert_demo.ui": ["**/*.css", "**/*.html", "**/*.js", "**/*.png", "**/*.jpg"],
    },
)
