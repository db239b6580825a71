"""OpenAI's Python client at the gateway: check.py URL KEY SAID.jsonl

Every answer is checked; what it said goes into SAID.jsonl with its trace's id, to be compared with the store.
"""

import base64
import json
import sys

import openai

URL, KEY, SAID = sys.argv[1:]
JOB = "use-case/job"
client = openai.OpenAI(base_url=URL, api_key=KEY, max_retries=0)
said = open(SAID, "w")
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "kelvin"]}},
        },
    },
}
ARGUMENTS = '{"city":"Zürich","unit":"celsius"}'


def note(response, text):
    said.write(json.dumps({"trace": response.headers["x-hone-trace"], "said": text}) + "\n")


def ask(text, **more):
    messages = text if isinstance(text, list) else [{"role": "user", "content": text}]
    return client.chat.completions.with_raw_response.create(**{"model": JOB, "messages": messages, **more})


def models():
    assert [model.id for model in client.models.list()] == [JOB, "own/model"]
    assert client.models.retrieve("own/model").owned_by == "own"


def chat():
    raw = ask("Grüezi")
    answer = raw.parse()
    assert answer.choices[0].message.content == "You said: Grüezi"
    assert answer.usage.completion_tokens == 3 and answer.usage.prompt_tokens_details.cached_tokens == 1
    note(raw, answer.choices[0].message.content)


def stream():
    raw = ask("one two three four", stream=True, stream_options={"include_usage": True})
    chunks = list(raw.parse())
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "You said: one two three four"
    assert chunks[-1].usage.completion_tokens == 5
    note(raw, text)


def tools():
    raw = ask("How warm is it?", tools=[WEATHER])
    message = raw.parse().choices[0].message
    call = message.tool_calls[0]
    assert (call.function.name, call.function.arguments) == ("weather", ARGUMENTS)
    note(raw, ARGUMENTS)
    raw = ask("How warm is it?", tools=[WEATHER], stream=True)
    pieces = [chunk.choices[0].delta.tool_calls for chunk in raw.parse()]
    assert "".join(part[0].function.arguments or "" for part in pieces if part) == ARGUMENTS
    note(raw, ARGUMENTS)
    turns = [
        {"role": "user", "content": "How warm is it?"},
        message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "21 °C"},
    ]
    raw = ask(turns, tools=[WEATHER])
    assert raw.parse().choices[0].message.content == "The tool says: 21 °C"
    note(raw, "The tool says: 21 °C")


def structured_output():
    schema = {"type": "object", "properties": {"city": {"type": "string"}, "degrees": {"type": "integer"}}}
    raw = ask("How warm?", response_format={"type": "json_schema", "json_schema": {"name": "w", "schema": schema}})
    text = raw.parse().choices[0].message.content
    assert json.loads(text) == {"city": "Zürich", "degrees": 7}
    note(raw, text)


def several_with_logprobs():
    raw = ask("a b c", n=3, logprobs=True, top_logprobs=2)
    answer = raw.parse()
    assert [choice.message.content for choice in answer.choices] == ["You said: a b c"] * 3
    assert [token.token for token in answer.choices[2].logprobs.content] == ["You sa", "id: a ", "b c"]
    note(raw, "You said: a b c")


def picture():
    url = "data:image/png;base64," + base64.b64encode(bytes(range(256)) * 500).decode()
    parts = [{"type": "text", "text": "what?"}, {"type": "image_url", "image_url": {"url": url}}]
    raw = ask([{"role": "user", "content": parts}])
    text = f"You said: what? with a picture of {len(url)} letters"
    assert raw.parse().choices[0].message.content == text
    note(raw, text)


def embeddings():
    answer = client.embeddings.create(model=JOB, input=["four", "sixsix"])
    assert [one.embedding for one in answer.data] == [[4, 0.5, -0.25], [6, 0.5, -0.25]]


def completions():
    raw = client.completions.with_raw_response.create(model=JOB, prompt="once upon")
    assert raw.parse().choices[0].text == "You said: once upon"
    note(raw, "You said: once upon")
    pieces = client.completions.create(model=JOB, prompt="once upon", stream=True)
    assert "".join(piece.choices[0].text for piece in pieces) == "You said: once upon"


def responses():
    raw = client.responses.with_raw_response.create(model=JOB, input="hello there")
    assert raw.parse().output_text == "You said: hello there"
    note(raw, "You said: hello there")
    events = client.responses.create(model=JOB, input="hello there", stream=True)
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert "".join(deltas) == "You said: hello there"


def refused(kind, code, **more):
    try:
        ask("hello", **more)
    except kind as e:
        assert e.code == code, e.code
        return e
    raise AssertionError(f"{more} was not refused")


def errors():
    try:
        openai.OpenAI(base_url=URL, api_key="hone_unknown", max_retries=0).chat.completions.create(
            model=JOB, messages=[{"role": "user", "content": "hello"}]
        )
        raise AssertionError("an unknown key was let in")
    except openai.AuthenticationError as e:
        assert e.code == "invalid_api_key"
    refused(openai.NotFoundError, "model_not_found", model="use-case/nothing")
    assert refused(openai.BadRequestError, "unsupported_value", model="own/strict").param == "temperature"
    limited = refused(openai.RateLimitError, "rate_limit_exceeded", model="own/limited")
    assert limited.response.headers["retry-after"] == "60"


for case in [
    models, chat, stream, tools, structured_output, several_with_logprobs, picture, embeddings, completions, responses, errors
]:
    case()
    print(f"python openai {openai.__version__}: {case.__name__} ok")
said.close()
