#!/usr/bin/env python3
"""A client from another language takes one job from backlog to done, through the real program.

Needs Python 3.11, `pip install 'mcp==2.3.*'`, and in the environment
  SPRINTGATE_BIN     the program
  SPRINTGATE_CONFIG  a config file that `sprintgate init` made, with a product whose clone is known
  SPRINTGATE_PRODUCT the product's name; not needed when there is only one
  MCP_MODE           `legacy` (the default: with a handshake) or `2026-07-28` (without)

Every step is one line on stdout. The first mismatch ends the script with status 1.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from mcp import Client, MCPError, StdioServerParameters

BIN = os.environ["SPRINTGATE_BIN"]
ENV = {key: os.environ[key] for key in ("PATH", "HOME", "SPRINTGATE_CONFIG") if key in os.environ}
MODE = os.environ.get("MCP_MODE", "legacy")


class Mismatch(Exception):
    pass


def step(text):
    print(text, flush=True)


def check(fact, what):
    if not fact:
        raise Mismatch(what)


def run(args, cwd=None):
    done = subprocess.run(args, cwd=cwd, env=ENV, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"{args[:3]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout.strip()


async def answer(client, tool, args=None, **more):
    """What a tool answers that must not refuse; the client holds it against the output schema."""
    result = await client.call_tool(tool, args or {}, **more)
    text = result.content[0].text
    check(not result.is_error, f"{tool} refused: {text}")
    check(json.loads(text) == result.structured_content, f"{tool}: text and structured content differ")
    return result.structured_content


async def refusal(client, tool, args, code):
    """The refusal of a tool that must refuse with this code."""
    result = await client.call_tool(tool, args)
    check(result.is_error, f"{tool} was not refused")
    check(result.structured_content is None, f"{tool}: a refusal has structured content")
    error = json.loads(result.content[0].text)
    check(error["code"] == code, f"{tool}: {error['code']} instead of {code}: {error['message']}")
    check(set(error) == {"code", "message", "facts", "retry", "legal_next"}, f"{tool}: {sorted(error)}")
    step(f"refused    {tool}: {code}")
    return error


async def way(client):
    tools = (await client.list_tools()).tools
    check(len(tools) == 16, f"{len(tools)} tools")
    check(all(tool.output_schema and tool.output_schema["type"] == "object" for tool in tools), "an output schema")
    step(f"tools      {len(tools)}, protocol {client.protocol_version}")
    well = await answer(client, "health")
    check(well["database"] == "ok", f"database {well['database']}")
    step(f"health     {well['status']} {well['version']}")

    products = (await answer(client, "list_products"))["result"]
    wanted = os.environ.get("SPRINTGATE_PRODUCT", products[0]["name"] if len(products) == 1 else None)
    product = next((one for one in products if one["name"] == wanted), None)
    check(product, f"no product {wanted!r} among {[one['name'] for one in products]}")
    step(f"product    {product['name']}")

    error = await refusal(client, "create_pbi", {"product_id": product["id"], "title": "x", "priority": "1"}, "VALIDATION_ERROR")
    check(error["facts"]["field"] == "priority", f"field {error['facts']}")
    await refusal(client, "job_heartbeat", {"job": "x"}, "VALIDATION_ERROR")
    try:
        await client.call_tool("no_such_tool", {})
        raise Mismatch("an unknown tool was called")
    except MCPError as error:
        step(f"unknown    no_such_tool: {error.error.code}")

    unique = format(time.time_ns(), "x")
    plan = f"- `notes/{unique}.md`: say hello"
    ask = {"product_id": product["id"], "title": f"Greeting {unique}", "priority": 1, "request_id": f"pbi-{unique}"}
    pbi = await answer(client, "create_pbi", ask)
    check(await answer(client, "create_pbi", ask) == pbi, "the same request got another answer")
    await refusal(client, "create_pbi", {**ask, "title": "Other"}, "IDEMPOTENCY_MISMATCH")
    story = await answer(client, "create_story", {"pbi_id": pbi["id"], "title": "Say hello", "priority": 1})
    task = await answer(
        client,
        "create_task",
        {"story_id": story["id"], "title": "Write it down", "priority": 1, "implementation_plan": plan},
    )
    step(f"backlog    {pbi['code']} {story['code']} {task['code']}")

    signs = []

    async def progress(done, total, message):
        signs.append((done, total, message))

    wait = {"product_id": product["id"], "wait_seconds": 6}
    nothing = await answer(client, "wait_for_job", wait, progress_callback=progress)
    check(nothing["status"] == "timeout", f"a job before the sprint: {nothing}")
    check(signs and signs[0][1] == 6, f"signs of life: {signs}")
    step(f"wait       timeout, {len(signs)} sign(s) of life")

    try:
        async with asyncio.timeout(1):
            await client.call_tool("wait_for_job", {**wait, "wait_seconds": 600})
        raise Mismatch("a wait of 600 s ended")
    except TimeoutError:
        # An answer to what was asked after it: the server has heard of the cancelling.
        await answer(client, "health", {})
        step("wait       cancelled after 1 s")

    started = json.loads(run([BIN, "sprint", "start", "--product", product["name"], "--pbi", pbi["code"], "--json"]))
    check(len(started["jobs"]) == 1, f"jobs {started['jobs']}")
    step(f"sprint     {started['sprint_code']}")

    job = await answer(client, "wait_for_job", {**wait, "wait_seconds": 30})
    check(job["status"] == "claimed", f"no job: {job}")
    check(job["job_id"] == started["jobs"][0]["job_id"], "another job")
    check(job["task"]["implementation_plan"] == plan, f"plan {job['task']['implementation_plan']!r}")
    # The cancelled wait may not have taken the job with it.
    check(job["attempt"] == 1, f"attempt {job['attempt']}")
    mine = {"job_id": job["job_id"], "attempt": job["attempt"]}
    worktree = Path(job["worktree_path"])
    step(f"claimed    {job['task']['code']} on {job['branch_name']}")

    running = await answer(client, "update_job_status", {**mine, "status": "running"})
    check(running["status"] == "running", f"{running}")
    step("reported   running")
    beat = await answer(client, "job_heartbeat", mine)
    check(beat["ok"] and beat["lease_until"] >= job["lease_until"], f"{beat}")
    step(f"heartbeat  until {beat['lease_until']}")
    await refusal(client, "update_job_status", {**mine, "status": "done"}, "NOT_VERIFIED")

    note = worktree / "notes" / f"{unique}.md"
    note.parent.mkdir(exist_ok=True)
    note.write_text("hello\n")
    run(["git", "add", "-A"], worktree)
    run(["git", "-c", "user.name=Agent", "-c", "user.email=agent@example.org", "commit", "-q", "-m", "notes: hello"], worktree)
    head = run(["git", "rev-parse", "HEAD"], worktree)
    step(f"committed  {head[:12]}")

    verdict = await answer(client, "verify_task_against_plan", {"task_id": task["id"], "worktree_path": str(worktree)})
    check(verdict["result"] == "aligned" and verdict["allowed_for_done"], f"{verdict}")
    check(verdict["head_sha"] == head and not verdict["uncommitted"], f"{verdict}")
    step(f"verified   {verdict['result']}")

    done = await answer(client, "update_job_status", {**mine, "status": "done", "summary": "said hello"})
    check(done["status"] == "done" and done["head_sha"] == head, f"{done}")
    again = await answer(client, "update_job_status", {**mine, "status": "done", "summary": "said hello"})
    check(again["replayed"] and again["head_sha"] == head, f"{again}")
    step(f"reported   done, next {done['next_action']}")
    pushed = run(["git", "ls-remote", product["repo_url"], f"refs/heads/{job['branch_name']}"], worktree)
    check(pushed.split("\t")[0] == head, f"the remote has {pushed!r}")
    step(f"pushed     {job['branch_name']}")
    await refusal(client, "update_job_status", {**mine, "status": "failed", "error": "changed my mind"}, "ALREADY_TERMINAL")

    queue = await answer(client, "check_queue_empty", {"product_id": product["id"]})
    check(queue["empty"], f"{queue}")
    step("queue      empty")


async def main():
    server = StdioServerParameters(command=BIN, args=["mcp"], env=ENV)
    async with Client(server, mode=MODE) as client:
        await way(client)


def mismatches(error):
    """A task group wraps what its body raised."""
    if isinstance(error, BaseExceptionGroup):
        return [one for inner in error.exceptions for one in mismatches(inner)]
    return [error]


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except Exception as failed:
        for one in mismatches(failed):
            print(f"MISMATCH   {type(one).__name__}: {one}", file=sys.stderr)
        sys.exit(1)
    step("all as it should be")
