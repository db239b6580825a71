// OpenAI's TypeScript client at the gateway: node check.mjs URL KEY SAID.jsonl
// Every answer is checked; what it said goes into SAID.jsonl with its trace's id, to be compared with the store.
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.cwd() + "/");
const { default: OpenAI } = require("openai");
const version = JSON.parse(fs.readFileSync("node_modules/openai/package.json", "utf8")).version;
const [url, key, said] = process.argv.slice(2);
const JOB = "use-case/job";
const client = new OpenAI({ baseURL: url, apiKey: key, maxRetries: 0 });
const WEATHER = {
    type: "function",
    function: {
        name: "weather",
        parameters: { type: "object", properties: { city: { type: "string" }, unit: { enum: ["celsius", "kelvin"] } } },
    },
};
const ARGUMENTS = '{"city":"Zürich","unit":"celsius"}';
fs.writeFileSync(said, "");

const note = (response, text) =>
    fs.appendFileSync(said, JSON.stringify({ trace: response.headers.get("x-hone-trace"), said: text }) + "\n");

const ask = (text, more = {}) =>
    client.chat.completions
        .create({ model: JOB, messages: Array.isArray(text) ? text : [{ role: "user", content: text }], ...more })
        .withResponse();

const cases = {
    async models() {
        const ids = [];
        for await (const model of client.models.list()) {
            ids.push(model.id);
        }
        assert.deepEqual(ids, [JOB, "own/model"]);
        assert.equal((await client.models.retrieve("own/model")).owned_by, "own");
    },
    async chat() {
        const { data, response } = await ask("Grüezi");
        assert.equal(data.choices[0].message.content, "You said: Grüezi");
        assert.equal(data.usage.completion_tokens, 3);
        note(response, data.choices[0].message.content);
    },
    async stream() {
        const { data, response } = await ask("one two three four", {
            stream: true,
            stream_options: { include_usage: true },
        });
        let text = "";
        let usage;
        for await (const chunk of data) {
            text += chunk.choices[0]?.delta.content ?? "";
            usage = chunk.usage ?? usage;
        }
        assert.equal(text, "You said: one two three four");
        assert.equal(usage.completion_tokens, 5);
        note(response, text);
    },
    async tools() {
        const { data, response } = await ask("How warm is it?", { tools: [WEATHER] });
        const message = data.choices[0].message;
        assert.equal(message.tool_calls[0].function.arguments, ARGUMENTS);
        note(response, ARGUMENTS);
        const streamed = await ask("How warm is it?", { tools: [WEATHER], stream: true });
        let pieces = "";
        for await (const chunk of streamed.data) {
            pieces += chunk.choices[0].delta.tool_calls?.[0].function.arguments ?? "";
        }
        assert.equal(pieces, ARGUMENTS);
        note(streamed.response, ARGUMENTS);
        const after = await ask(
            [
                { role: "user", content: "How warm is it?" },
                message,
                { role: "tool", tool_call_id: message.tool_calls[0].id, content: "21 °C" },
            ],
            { tools: [WEATHER] },
        );
        assert.equal(after.data.choices[0].message.content, "The tool says: 21 °C");
        note(after.response, "The tool says: 21 °C");
    },
    async structuredOutput() {
        const schema = { type: "object", properties: { city: { type: "string" }, degrees: { type: "integer" } } };
        const { data, response } = await ask("How warm?", {
            response_format: { type: "json_schema", json_schema: { name: "w", schema } },
        });
        assert.deepEqual(JSON.parse(data.choices[0].message.content), { city: "Zürich", degrees: 7 });
        note(response, data.choices[0].message.content);
    },
    async severalWithLogprobs() {
        const { data, response } = await ask("a b c", { n: 3, logprobs: true, top_logprobs: 2 });
        assert.equal(data.choices.length, 3);
        assert.deepEqual(
            data.choices[2].logprobs.content.map((token) => token.token),
            ["You sa", "id: a ", "b c"],
        );
        note(response, data.choices[2].message.content);
    },
    async picture() {
        const url = "data:image/png;base64," + Buffer.alloc(128_000, 7).toString("base64");
        const { data, response } = await ask([
            { role: "user", content: [{ type: "text", text: "what?" }, { type: "image_url", image_url: { url } }] },
        ]);
        assert.equal(data.choices[0].message.content, `You said: what? with a picture of ${url.length} letters`);
        note(response, data.choices[0].message.content);
    },
    async embeddings() {
        const answer = await client.embeddings.create({ model: JOB, input: ["four", "sixsix"] });
        assert.deepEqual(
            answer.data.map((one) => one.embedding),
            [
                [4, 0.5, -0.25],
                [6, 0.5, -0.25],
            ],
        );
    },
    async completions() {
        const { data, response } = await client.completions.create({ model: JOB, prompt: "once upon" }).withResponse();
        assert.equal(data.choices[0].text, "You said: once upon");
        note(response, data.choices[0].text);
    },
    async responses() {
        const { data, response } = await client.responses.create({ model: JOB, input: "hello there" }).withResponse();
        assert.equal(data.output_text, "You said: hello there");
        note(response, data.output_text);
        let text = "";
        for await (const event of await client.responses.create({ model: JOB, input: "hello there", stream: true })) {
            text += event.type === "response.output_text.delta" ? event.delta : "";
        }
        assert.equal(text, "You said: hello there");
    },
    async errors() {
        const refused = (kind, code, model, by = client) =>
            assert.rejects(
                by.chat.completions.create({ model, messages: [{ role: "user", content: "hello" }] }),
                (e) => e instanceof kind && e.code === code,
            );
        const stranger = new OpenAI({ baseURL: url, apiKey: "hone_unknown", maxRetries: 0 });
        await refused(OpenAI.AuthenticationError, "invalid_api_key", JOB, stranger);
        await refused(OpenAI.NotFoundError, "model_not_found", "use-case/nothing");
        await refused(OpenAI.BadRequestError, "unsupported_value", "own/strict");
        await refused(OpenAI.RateLimitError, "rate_limit_exceeded", "own/limited");
    },
};

for (const [name, run] of Object.entries(cases)) {
    await run();
    console.log(`npm openai ${version}: ${name} ok`);
}
