"""What starts a command in services other than GitHub: a change, the clock, a tag, or somebody."""

from __future__ import annotations

import pytest

from doctrine.model.project import Command
from tests.project.automation_helper import automation, named

SCHEDULE = "only a schedule starts it, and no change of the code does"
TAG = "only a tag starts it, and no change of the code does"
ASKED = "it runs only where a label, a title or the message of a commit asks for it"


def gitlab(job: str, around: str = "") -> Command:
    text = f"{around}\nlint: {{script: [ruff check .], {job}}}\n"
    found = automation({".gitlab-ci.yml": text})
    assert not found.unread
    return named(found, "ruff")


@pytest.mark.parametrize(
    ("rules", "late"),
    [
        ("[{if: $CI_PIPELINE_SOURCE == 'schedule'}]", SCHEDULE),
        ("[{if: '$CI_PIPELINE_SOURCE =~ /^sched/'}]", SCHEDULE),
        ("[{if: '${CI_PIPELINE_SOURCE} == \"schedule\" && $CI_COMMIT_BRANCH'}]", SCHEDULE),
        ("[{if: $CI_COMMIT_TAG}]", TAG),
        ("[{if: '$CI_COMMIT_TAG =~ /^v/'}]", TAG),
        ("[{if: $CI_COMMIT_TAG != null}]", TAG),
        ("[{if: $CI_COMMIT_BRANCH == null && $CI_PIPELINE_SOURCE == 'push'}]", TAG),
        ("[{if: $CI_COMMIT_TAG}, {if: $CI_PIPELINE_SOURCE == 'schedule'}]",
         "only a schedule or a tag starts it, and no change of the code does"),
        ("[{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]", ""),
        ("[{if: '$CI_PIPELINE_SOURCE =~ /^(push|web)$/'}]", ""),
        ("[{if: $CI_PIPELINE_SOURCE == 'external_pull_request_event'}]", ""),
        ("[{if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH}]", ""),
        ("[{if: $CI_COMMIT_TAG || $CI_COMMIT_BRANCH}]", ""),
        ("[{if: ($CI_COMMIT_TAG || $CI_COMMIT_BRANCH) && $CI_PIPELINE_SOURCE == 'schedule'}]", SCHEDULE),
        ("[{if: $CI_COMMIT_TAG}, {changes: [src/**]}]", ""),
        ("[{if: $CI_COMMIT_TAG, when: never}, {when: on_success}]", ""),
        ("[{if: $CI_PIPELINE_SOURCE != 'schedule', when: never}, {when: always}]", SCHEDULE),
        ("[{if: $CI_PIPELINE_SOURCE != 'schedule', when: manual}, {}]", SCHEDULE),
        ("[{if: $CI_COMMIT_BRANCH, changes: [docs/**], when: never}, {}]", ""),
        ("[{if: $CI_COMMIT_BRANCH, allow_failure: true}, {if: $CI_COMMIT_TAG}]",
         "its failure is allowed unless a tag starts it"),
        ("[{if: '$CI_COMMIT_MESSAGE =~ /lint/'}]", ASKED),
        ("[{if: '$CI_MERGE_REQUEST_LABELS =~ /lint/'}]", ASKED),
        ("[{if: '$CI_COMMIT_MESSAGE =~ /skip/', when: never}, {}]", ""),
        ("[{if: '$CI_COMMIT_BRANCH =~ /x', when: never}, {when: always}]", ""),
        ("[[{if: $CI_COMMIT_TAG}]]", TAG),
        ("[!reference [.late, rules]]", SCHEDULE),
        ("[!reference [.gone, rules]]", ""),
    ],
)  # fmt: skip
def test_the_rules_of_gitlab_say_what_starts_a_job(rules: str, late: str) -> None:
    around = ".late: {rules: [{if: $CI_PIPELINE_SOURCE == 'schedule'}]}"
    found = gitlab(f"rules: {rules}", around)
    assert (found.late, found.can_fail, found.perhaps) == (late, True, "")


@pytest.mark.parametrize(
    ("keys", "late"),
    [
        ("only: [tags]", TAG),
        ("only: [schedules]", SCHEDULE),
        ("only: {refs: [schedules]}", SCHEDULE),
        ("only: [schedules, main]", ""),
        ("only: [merge_requests]", ""),
        ("only: [/^release-.*$/]", ""),
        ("only: ['tags@group/project']", TAG),
        ("except: [branches]", TAG),
        ("except: [pushes, merge_requests]", SCHEDULE),
        ("except: [schedules]", ""),
        ("except: {refs: [branches]}", TAG),
        ("except: [main]", ""),
        ("only: {variables: [$CI_COMMIT_TAG]}", TAG),
        ("only: {variables: ['$CI_COMMIT_MESSAGE =~ /x/']}", ASKED),
        ("only: {refs: [tags], changes: ['*.py']}", ""),
    ],
)
def test_only_and_except_of_gitlab_say_it_as_well(keys: str, late: str) -> None:
    assert gitlab(keys).late == late


def test_a_job_starts_in_no_pipeline_that_the_workflow_does_not_make() -> None:
    around = "workflow: {rules: [{if: $CI_PIPELINE_SOURCE == 'schedule'}, {if: $CI_COMMIT_TAG}]}"
    assert gitlab("stage: test", around).late.startswith("only a schedule or a tag")
    assert gitlab("rules: [{if: $CI_COMMIT_BRANCH}]", around).late == SCHEDULE
    merging = "workflow: {rules: [{if: $CI_PIPELINE_SOURCE == 'merge_request_event'}]}"
    assert gitlab("stage: test", merging).late == ""


@pytest.mark.parametrize(
    ("rule", "around", "open_one"),
    [
        ("$LINT == 'true'", "", True),
        ("$LINT", "", True),
        ("$SKIP_LINT != 'true'", "", False),
        ("$SKIP_LINT == null", "", False),
        ("$LINT == 'true'", "variables: {LINT: 'true'}", False),
        ("$CI_LINT == 'true'", "", False),
    ],
)
def test_what_a_variable_turns_on_is_open(rule: str, around: str, open_one: bool) -> None:
    found = gitlab(f'rules: [{{if: "{rule}"}}]', around)
    assert ("only GitLab knows" in found.perhaps, found.late) == (open_one, "")


@pytest.mark.parametrize(
    "rules", ["[{if: $CI_PIPELINE_SOURCE == 'web'}]", "[{when: manual}, {if: $CI_COMMIT_TAG}]"]
)
def test_what_somebody_has_to_start_is_no_gate(rules: str) -> None:
    assert gitlab(f"rules: {rules}").why_not.startswith("neither a change of the code starts it")


def test_what_runs_after_a_failure_alone_is_no_gate() -> None:
    text = "lint: {script: [ruff check .], when: on_failure}"
    assert automation({".gitlab-ci.yml": text}).commands == ()


CIRCLE = """
    jobs:
      lint: {{docker: [{{image: cimg/python:3.12}}], steps: [run: ruff check .]}}
    workflows:
      {workflows}
    """


@pytest.mark.parametrize(
    ("workflows", "late"),
    [
        ("a: {jobs: [lint]}", ""),
        ("a: {jobs: [lint], triggers: [{schedule: {cron: '0 0 * * *'}}]}", SCHEDULE),
        ("a: {jobs: [{lint: {filters: {tags: {only: /.*/}, branches: {ignore: /.*/}}}}]}", TAG),
        ("a: {jobs: [{lint: {filters: {tags: {only: /.*/}}}}]}", ""),
        ("a: {jobs: [{lint: {filters: {tags: {only: /.*/}, branches: {ignore: docs}}}}]}", ""),
        ("a: {jobs: [{lint: {filters: {tags: {only: /.*/}, branches: {ignore: [/.*/]}}}}, lint]}", ""),
        ("a: {jobs: [lint], when: {equal: [scheduled_pipeline, << pipeline.trigger_source >>]}}", SCHEDULE),
        ("a: {jobs: [lint], when: {equal: [webhook, << pipeline.trigger_source >>]}}", ""),
        ("a: {jobs: [lint], when: << pipeline.schedule.name >>}", SCHEDULE),
        ("a: {jobs: [lint], when: {and: [{equal: [scheduled_pipeline, << pipeline.trigger_source >>]}, x]}}", SCHEDULE),
        ("a: {jobs: [lint], when: {or: [{equal: [scheduled_pipeline, << pipeline.trigger_source >>]}, x]}}", ""),
        ("a: {jobs: [lint], when: {not: {equal: [scheduled_pipeline, << pipeline.trigger_source >>]}}}", ""),
    ],
)  # fmt: skip
def test_the_workflows_of_circleci_say_what_starts_a_job(workflows: str, late: str) -> None:
    found = automation({".circleci/config.yml": CIRCLE.format(workflows=workflows)})
    assert not found.unread
    assert named(found, "ruff").late == late


@pytest.mark.parametrize(
    ("condition", "late"),
    [
        ("type = cron", SCHEDULE),
        ("type IN (cron, api)", SCHEDULE),
        ("type IN (push, cron)", ""),
        ("type = pull_request", ""),
        ("tag IS present", TAG),
        ("tag =~ ^v", TAG),
        ("tag IS blank", ""),
        ("NOT type = cron", ""),
        ("type != cron", ""),
        ("type = cron OR branch = main", ""),
        ("branch = main", ""),
        ("commit_message =~ lint", ASKED),
    ],
)
@pytest.mark.parametrize("where", ["all", "stage", "job"])
def test_the_conditions_of_travis_say_it_as_well(condition: str, late: str, where: str) -> None:
    of = {"all": "{}", "stage": "{name: Lint}", "job": "{stage: lint, script: ruff check .}"}
    keys = f'if: "{condition}"'
    parts = {name: text.replace("}", f", {keys}}}") for name, text in of.items()}
    shown = {name: parts[name] if name == where else text for name, text in of.items()}
    around = f"{keys}\n" if where == "all" else ""
    text = f"{around}stages: [{shown['stage']}]\njobs: {{include: [{shown['job']}]}}\n"
    assert named(automation({".travis.yml": text}), "ruff").late == late


def azure(text: str) -> Command:
    return named(automation({"azure-pipelines.yml": text}), "ruff")


@pytest.mark.parametrize(
    ("keys", "late", "perhaps"),
    [
        ("trigger: [main]", "", False),
        ("trigger: none", "", False),
        ("trigger: none\npr: none\nschedules: [{cron: '0 0 * * *'}]", SCHEDULE, False),
        ("trigger: none\npr: [main]\nschedules: [{cron: '0 0 * * *'}]", "", False),
        ("trigger: {tags: {include: ['v*']}}\npr: none", TAG, False),
        ("trigger: {tags: {include: ['v*']}, branches: {exclude: ['*']}}\npr: none", TAG, False),
        ("trigger: {tags: {include: ['v*']}, branches: {include: [main]}}\npr: none", "", False),
        ("pr: none", "", False),
        ("trigger: none\npr: none", "", True),
    ],
)
def test_the_triggers_of_azure_say_what_starts_it(keys: str, late: str, perhaps: bool) -> None:
    found = azure(f"{keys}\nsteps: [{{script: ruff check .}}]\n")
    assert (found.late, "a policy" in found.perhaps) == (late, perhaps)


@pytest.mark.parametrize(
    ("condition", "late"),
    [
        ("eq(variables['Build.Reason'], 'Schedule')", SCHEDULE),
        ("and(succeeded(), eq(variables['Build.Reason'], 'Schedule'))", SCHEDULE),
        ("eq(variables['Build.Reason'], 'Manual')",
         "only somebody starts it, and no change of the code does"),
        ("startsWith(variables['Build.SourceBranch'], 'refs/tags/')", TAG),
        ("contains(variables['Build.SourceVersionMessage'], 'lint')", ASKED),
        ("ne(variables['Build.Reason'], 'Schedule')", ""),
        ("not(startsWith(variables['Build.SourceBranch'], 'refs/tags/'))", ""),
        ("or(failed(), eq(variables['Build.Reason'], 'Schedule'))", ""),
        ("eq(variables['Build.SourceBranch'], 'refs/heads/main')", ""),
        ("succeeded()", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["stage", "job", "step"])
def test_the_conditions_of_azure_say_it_as_well(condition: str, late: str, where: str) -> None:
    of = {"stage": "", "job": "", "step": "", where: f'condition: "{condition}", '}
    text = (
        f"stages: [{{{of['stage']}jobs: [{{{of['job']}steps: "
        f"[{{{of['step']}script: ruff check .}}]}}]}}]"
    )
    assert azure(text).late == late
