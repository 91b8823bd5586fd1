// OpenAI's chat completions over llama.cpp (node-llama-cpp), as small as a test needs it: node llama_server.mjs MODEL.gguf
import http from "node:http";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const found = createRequire(`${process.cwd()}/`).resolve("node-llama-cpp");
const {getLlama, LlamaChatSession} = await import(pathToFileURL(found));
const llama = await getLlama({gpu: false, build: "never", maxThreads: 2, logLevel: "error"});
const model = await llama.loadModel({modelPath: process.argv[2]});
const context = await model.createContext({contextSize: 8192, threads: 2});
const sequence = context.getSequence();

async function answer(asked, signal) {
    await sequence.clearHistory();
    const of = (role) => asked.messages.filter((m) => m.role === role).map((m) => m.content).join("\n");
    const session = new LlamaChatSession({contextSequence: sequence, systemPrompt: of("system")});
    const schema = asked.response_format?.json_schema?.schema;
    const grammar = schema && await llama.createGrammarForJsonSchema(schema);
    const told = await session.promptWithMeta(of("user"), {
        grammar, signal, temperature: asked.temperature ?? 0, maxTokens: asked.max_tokens ?? 512
    });
    session.dispose({disposeSequence: false});
    return {
        index: 0,
        finish_reason: told.stopReason === "maxTokens" ? "length" : "stop",
        message: {role: "assistant", content: told.responseText}
    };
}

let turn = Promise.resolve(); // one model, one question at a time
const server = http.createServer((request, response) => {
    const parts = [];
    const left = new AbortController();
    response.on("close", () => left.abort());
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
        turn = turn.then(async () => {
            try {
                const choice = await answer(JSON.parse(Buffer.concat(parts)), left.signal);
                response.setHeader("content-type", "application/json");
                response.end(JSON.stringify({object: "chat.completion", choices: [choice]}));
            } catch {
                response.statusCode = 500;
                response.end("{}");
            }
        });
    });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
