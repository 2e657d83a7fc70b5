// The peer of `./run bench live`: npm's `ws`, told to pass on to all what one of its sockets sends.
const { WebSocketServer, WebSocket } = require("ws");

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.argv[2]),
  perMessageDeflate: false,
  backlog: 4096,
});

server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("message", (message) => {
    const text = message.toString();
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(text);
  });
});
