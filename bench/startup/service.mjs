// A service that loads what agents are made of, and says at its end what it took to get there.
import "@anthropic-ai/sdk";
import "openai";
import "pino";
import "winston";
import "./empty.mjs";
