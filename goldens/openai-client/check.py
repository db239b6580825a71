"""Asks a served model by OpenAI's own client, and checks what comes back.

check.py URL MODEL [ROW.json]   with ROW.json ({"sentence", "tools"}): a model that was taught calls
"""

import json
import sys
import threading
import time

import openai

URL, MODEL = sys.argv[1], sys.argv[2]
client = openai.OpenAI(base_url=URL, api_key="none", max_retries=0)
HELLO = [{"role": "user", "content": "Name three colours."}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]}},
            "required": ["city", "unit"],
        },
    },
}


def timed(what, call):
    start = time.monotonic()
    result = call()
    print(f"{what}: {time.monotonic() - start:.2f} s")
    return result


def ask(**more):
    return client.chat.completions.create(model=MODEL, **more)


def streamed(**more):
    chunks = list(ask(stream=True, stream_options={"include_usage": True}, **more))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    return chunks, deltas


def chat():
    assert [model.id for model in client.models.list()] == [MODEL]
    asked = dict(messages=HELLO, max_tokens=40, seed=5)
    first = timed("first answer", lambda: ask(**asked))
    whole = timed("second answer", lambda: ask(**asked))
    print("  ", repr(whole.choices[0].message.content), whole.usage)
    start = time.monotonic()
    stream = ask(stream=True, **asked)
    arrivals, text = [], ""
    for chunk in stream:
        arrivals.append(time.monotonic() - start)
        text += chunk.choices[0].delta.content or ""
    assert text == whole.choices[0].message.content == first.choices[0].message.content
    assert arrivals[-1] > 2 * arrivals[0], f"the answer came at once, not as it was written: {arrivals}"
    print(f"stream: {len(arrivals)} chunks, the first after {arrivals[0]:.2f} s, the last after {arrivals[-1]:.2f} s")

    chunks, _ = streamed(**asked)
    assert chunks[-1].usage == whole.usage
    several = ask(messages=HELLO, max_tokens=10, n=3, logprobs=True)
    assert len(several.choices) == 3 and all(len(c.logprobs.content) <= 10 for c in several.choices)
    stopped = ask(**asked, stop=[","]).choices[0]
    assert "," not in stopped.message.content and stopped.finish_reason == "stop"


def tools():
    asked = dict(messages=[{"role": "user", "content": "How warm is it in Paris?"}], tools=[WEATHER], temperature=0)
    whole = timed("call", lambda: ask(**asked)).choices[0]
    assert whole.finish_reason == "tool_calls" and whole.message.content is None
    call = whole.message.tool_calls[0]
    arguments = json.loads(call.function.arguments)
    print("  ", call.function)
    assert call.function.name == "get_weather"
    assert set(arguments) == {"city", "unit"} and arguments["unit"] in ("celsius", "fahrenheit")
    _, deltas = streamed(**asked)
    calls = [part for delta in deltas for part in delta.tool_calls or []]
    assert "".join(part.function.name or "" for part in calls) == "get_weather"
    assert "".join(part.function.arguments or "" for part in calls) == call.function.arguments
    answer = ask(
        messages=asked["messages"]
        + [whole.message, {"role": "tool", "tool_call_id": call.id, "content": "21 degrees celsius"}],
        tools=[WEATHER],
        max_tokens=30,
        temperature=0,
    ).choices[0].message
    assert answer.content and not answer.tool_calls
    print("  ", repr(answer.content))


def formats():
    schema = {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green"]}, "count": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["colour", "count"],
        "additionalProperties": False,
    }
    answer = ask(
        messages=HELLO,
        response_format={"type": "json_schema", "json_schema": {"name": "s", "strict": True, "schema": schema}},
    ).choices[0]
    value = json.loads(answer.message.content)
    assert value["colour"] in ("red", "green") and 0 <= value["count"] <= 9, value


def refusals():
    for more, parameter in [
        (dict(frequency_penalty=1), "frequency_penalty"),
        (dict(top_logprobs=3, logprobs=True), "top_logprobs"),
        (dict(reasoning_effort="low"), "reasoning_effort"),
    ]:
        try:
            ask(messages=HELLO, **more)
            raise AssertionError(f"{parameter} was taken in silence")
        except openai.BadRequestError as e:
            assert e.param == parameter, e
    try:
        ask(messages=[{"role": "user", "content": "x " * 20000}])
        raise AssertionError("a prompt beyond the context was taken")
    except openai.BadRequestError as e:
        assert e.code == "context_length_exceeded", e
        print("  ", e.message)
    try:
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
        raise AssertionError("another model was answered for")
    except openai.NotFoundError as e:
        assert e.code == "model_not_found", e


def together():
    def one():
        ask(messages=HELLO, max_tokens=60, temperature=0)

    alone = time.monotonic()
    one()
    alone = time.monotonic() - alone
    threads = [threading.Thread(target=one) for _ in range(8)]
    start = time.monotonic()
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    took = time.monotonic() - start
    print(f"one request {alone:.2f} s, eight at once {took:.2f} s")
    assert took < 6 * alone, "requests wait for each other"


def taught(file):
    row = json.load(open(file))
    asked = dict(
        messages=[{"role": "system", "content": "You are an assistant."}, {"role": "user", "content": row["sentence"]}],
        tools=row["tools"],
    )
    names = [tool["function"]["name"] for tool in row["tools"]]
    whole = timed("call", lambda: ask(**asked))
    call = whole.choices[0].message.tool_calls[0].function
    print("  ", row["sentence"], "->", call.name, call.arguments, whole.usage)
    assert whole.choices[0].finish_reason == "tool_calls" and call.name in names
    json.loads(call.arguments)
    _, deltas = streamed(**asked)
    calls = [part for delta in deltas for part in delta.tool_calls or []]
    assert "".join(part.function.arguments or "" for part in calls) == call.arguments
    try:
        ask(messages=HELLO)
        raise AssertionError("a model that was taught calls answered without tools")
    except openai.BadRequestError as e:
        assert e.param == "tools", e


if len(sys.argv) > 3:
    taught(sys.argv[3])
else:
    chat()
    tools()
    formats()
    refusals()
    together()
print("openai", openai.__version__, "agrees with", URL)
