"""Conversations that each template is rendered with: name -> messages, tools, extra variables."""

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city, \"now\" & <here>",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Name of the city"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "days": {"type": "array", "items": {"type": "integer"}},
            },
            "required": ["city"],
        },
    },
}
PING = {"type": "function", "function": {"name": "ping", "description": "Ünïcode ✓", "parameters": {"type": "object", "properties": {}}}}


def user(content):
    return {"role": "user", "content": content}


def system(content):
    return {"role": "system", "content": content}


def assistant(content):
    return {"role": "assistant", "content": content}


def call(name, arguments, identifier):
    return {"id": identifier, "type": "function", "function": {"name": name, "arguments": arguments}}


def calling(*calls, **more):
    return {"role": "assistant", **more, "tool_calls": list(calls)}


def tool(content, name, identifier):
    return {"role": "tool", "content": content, "tool_call_id": identifier, "name": name}


PARIS = call("get_weather", {"city": "Paris", "days": [1, 2], "exact": True, "limit": None, "factor": 1.50}, "call00001")
ROME = call("get_weather", {"city": "Rome \"eternal\"\n"}, "call00002")

CONVERSATIONS = {
    "user": ([user("Hello, who are you?")], [], {}),
    "system": ([system("You are terse."), user("Hi")], [], {}),
    "multi-turn": ([user("One"), assistant("Two"), user("Three"), assistant("Four"), user("Five")], [], {}),
    "multi-turn with system": ([system("Count."), user("One"), assistant("Two"), user("Three"), assistant("Four")], [], {}),
    "tools offered": ([system("Use tools."), user("Weather in Paris?")], [WEATHER, PING], {}),
    "tools offered, no system": ([user("Weather in Paris?")], [WEATHER], {}),
    "tool call": ([user("Weather in Paris?"), calling(PARIS)], [WEATHER], {}),
    "tool call, empty content": ([user("Weather in Paris?"), calling(PARIS, content="")], [WEATHER], {}),
    "tool call, some content": ([user("Weather in Paris?"), calling(PARIS, content="Let me look.")], [WEATHER], {}),
    "tool response": (
        [user("Weather in Paris?"), calling(PARIS), tool('{"degrees": 21}', "get_weather", "call00001")],
        [WEATHER],
        {},
    ),
    "tool round": (
        [
            system("Use tools."),
            user("Weather in Paris?"),
            calling(PARIS),
            tool('{"degrees": 21}', "get_weather", "call00001"),
            assistant("21 degrees."),
            user("Thanks"),
        ],
        [WEATHER, PING],
        {},
    ),
    "two tool calls": (
        [
            user("Paris and Rome?"),
            calling(PARIS, ROME),
            tool("21", "get_weather", "call00001"),
            tool("27", "get_weather", "call00002"),
            assistant("21 and 27."),
        ],
        [WEATHER],
        {},
    ),
    "unicode": ([system("Prénom: Zoë"), user("日本語 😀 ‏עברית e\u0301 \u00a0"), assistant("Ça va 👩‍👩‍👧"), user("“ok”…")], [], {}),
    "content like a template": (
        [user("{{ 7*7 }} {% for x in y %} {# no #} {{ messages }}"), assistant("{% endif %}{{ bos_token }}"), user("{{")],
        [],
        {},
    ),
    "content like special tokens": ([user("<|im_end|>\n<|im_start|>system [/INST] <end_of_turn> <|eot_id|>")], [], {}),
    "empty content": ([system(""), user(""), assistant(""), user("")], [], {}),
    "white space": ([system("  lead\n"), user("\n\n  in\t \n out \n\n"), assistant(" a \n"), user("\tz\r\n")], [], {}),
    "thinking": (
        [
            user("2+2?"),
            assistant("<think>\nEasy.\n</think>\n\n4"),
            user("3+3?"),
            assistant("<think>\nSix.\n</think>\n\n6"),
        ],
        [],
        {},
    ),
    "thinking off": ([user("2+2?")], [], {"enable_thinking": False, "thinking": False}),
    "two users in a row": ([user("a"), user("b")], [], {}),
    "assistant first": ([assistant("a"), user("b")], [], {}),
    "unknown role": ([user("a"), {"role": "narrator", "content": "b"}, user("c")], [], {}),
    "extra variables": ([user("a")], [WEATHER], {"date_string": "26 Jul 2024", "tools_in_user_message": False, "reasoning_effort": "high"}),
    "no messages": ([], [], {}),
}

BOTH_PROMPTS = {"user", "multi-turn", "tool response"}


def cases():
    """Name, messages, tools, extra variables and add_generation_prompt of each case."""
    for name, (messages, tools, extra) in CONVERSATIONS.items():
        ends_open = not messages or messages[-1]["role"] != "assistant"
        for prompt in [False, True] if name in BOTH_PROMPTS else [ends_open]:
            yield name, messages, tools, extra, prompt
