// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: threads
#include <QtTest>

#include <condition_variable>
#include <deque>
#include <thread>
#include <zlib.h>

#include "connectors/http/inflate.h"
#include "connectors/http/server.h"
#include "tests/support/http_client.h"
#include "tests/support/kafka_reading.h"
#include "tests/support/process.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::http;
using namespace weir::test;
using namespace std::chrono_literals;

namespace {

std::string gzipped(const std::string& text) {
    z_stream stream{};
    deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    std::string in = text;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

/// Says back what it was asked; "/later" is answered by hand.
class Echo {
  public:
    explicit Echo(Limits limits = {}, bool tls = false) {
        ServerOptions options;
        options.listen = {{"127.0.0.1", 0, tls}};
        options.limits = limits;
        options.refused = [](const Request& request, Response& response) {
            response.headers.push_back({"X-Refused", request.method + " " + request.path +
                                                         " from " +
                                                         std::string(request.header("origin"))});
        };
        server = Server::start(options, [this](Request&& request, Responder responder) {
                     handle(std::move(request), std::move(responder));
                 }).value();
        port = port_of(server->urls().front());
    }
    ~Echo() {
        later.clear();
        server.reset();
    }
    std::size_t waiting() {
        const std::lock_guard lock(mutex);
        return later.size();
    }
    void answer_first(const std::string& text) {
        const std::lock_guard lock(mutex);
        later.front()(Response{200, "text/plain", text, {}});
        later.pop_front();
    }
    std::mutex mutex;
    std::deque<Responder> later;
    std::unique_ptr<Server> server;
    int port = 0;

  private:
    void handle(Request&& request, Responder responder) {
        if (request.path == "/later") {
            const std::lock_guard lock(mutex);
            later.push_back(std::move(responder));
        } else if (request.path != "/never") {
            responder(Response{200,
                               "text/plain",
                               request.method + " " + request.path + "?" + request.query + " " +
                                   std::to_string(request.body.size()) + " " +
                                   request.body.substr(0, 20),
                               {}});
        }
    }
};

} // namespace

/// A server among well-behaved clients and others.
class TestServer : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void one_connection_asks_many_things() {
        Echo echo;
        HttpClient client(echo.port);
        QCOMPARE(client.get("/a?b=c")->body, std::string("GET /a?b=c 0 "));
        QCOMPARE(client.post("/x", "hello")->body, std::string("POST /x? 5 hello"));
        QVERIFY(client.send("HEAD /h HTTP/1.1\r\nHost: t\r\n\r\n"));
        const auto head = client.read(30s, true);
        QCOMPARE(head->status, 200);
        QCOMPARE(head->header("Content-Length"), std::string("11"));
        QCOMPARE(client.get("/after")->body, std::string("GET /after? 0 "));
        QCOMPARE(echo.server->stats().connections, std::uint64_t{1});
    }

    void a_pipeline_is_answered_in_order() {
        Echo echo;
        HttpClient client(echo.port);
        std::string all;
        for (int i = 0; i < 50; ++i)
            all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: t\r\n\r\n";
        QVERIFY(client.send(all));
        for (int i = 0; i < 50; ++i)
            QCOMPARE(client.read()->body, "GET /" + std::to_string(i) + "? 0 ");
    }

    void an_answer_may_come_later_from_anywhere_and_holds_nobody_up() {
        Echo echo;
        HttpClient patient(echo.port);
        QVERIFY(patient.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n"));
        QVERIFY(wait_for([&] { return echo.waiting() == 1; }));
        for (int i = 0; i < 5; ++i) // on each of the server's threads
            QCOMPARE(HttpClient(echo.port).get("/now")->status, 200);
        echo.answer_first("at last");
        QCOMPARE(patient.read()->body, std::string("at last"));
        QCOMPARE(HttpClient(echo.port).get("/never")->status, 500);
    }

    void compressed_bodies_arrive_plain_and_bombs_do_not() {
        Limits limits;
        limits.inflated_bytes = 1u << 20;
        Echo echo(limits);
        HttpClient client(echo.port);
        const std::string gzip = "Content-Encoding: gzip\r\n";
        QCOMPARE(client.post("/z", gzipped("plain text"), gzip)->body,
                 std::string("POST /z? 10 plain text"));
        const std::string bomb = gzipped(std::string(500u << 20, '\0'));
        QVERIFY(bomb.size() < 1u << 20);
        QCOMPARE(client.post("/z", bomb, gzip)->status, 413);
        const std::string text = gzipped("plain text");
        QCOMPARE(client.post("/z", text.substr(0, text.size() - 3), gzip)->status, 400);
        QCOMPARE(client.post("/z", "no gzip at all", gzip)->status, 400);
        QCOMPARE(client.post("/z", "x", "Content-Encoding: br\r\n")->status, 415);
        QCOMPARE(client.post("/z", gzipped("a") + gzipped("b"), gzip)->body,
                 std::string("POST /z? 2 ab"));
        QCOMPARE(echo.server->stats().held_bytes, std::uint64_t{0});
    }

    void a_body_of_a_gigabyte_is_refused_before_it_comes() {
        Echo echo;
        HttpClient client(echo.port);
        QVERIFY(client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000000\r\n\r\n"));
        const auto refused = client.read();
        QCOMPARE(refused->status, 413);
        QCOMPARE(refused->header("Connection"), std::string("close"));
        HttpClient endless(echo.port);
        QVERIFY(endless.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"));
        const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
        for (int i = 0; i < 80; ++i)
            if (!endless.send(chunk))
                break;
        QCOMPARE(endless.read()->status, 413);
        QCOMPARE(HttpClient(echo.port).get("/")->status, 200);
    }

    void bodies_together_have_a_limit_too() {
        Limits limits;
        limits.held_bytes = 100;
        Echo echo(limits);
        HttpClient first(echo.port);
        const std::string body(80, 'x');
        QVERIFY(first.send("POST /later HTTP/1.1\r\nHost: t\r\nContent-Length: 80\r\n\r\n" + body));
        QVERIFY(wait_for([&] { return echo.waiting() == 1; }));
        const auto full = HttpClient(echo.port).post("/", body);
        QCOMPARE(full->status, 503);
        QCOMPARE(full->header("Retry-After"), std::string("1"));
        echo.answer_first("done");
        QCOMPARE(first.read()->status, 200);
        QCOMPARE(HttpClient(echo.port).post("/", body)->status, 200);
    }

    void who_announces_much_and_sends_little_keeps_nobody_out_data() {
        QTest::addColumn<QByteArray>("begin");
        const QByteArray head = "POST / HTTP/1.1\r\nHost: t\r\n";
        QTest::newRow("chunks") << head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n";
        QTest::newRow("length") << head + "Content-Length: 1000\r\n\r\n{";
    }
    void who_announces_much_and_sends_little_keeps_nobody_out() {
        QFETCH(QByteArray, begin);
        Limits limits;
        limits.body_bytes = 1000;
        limits.held_bytes = 4000;
        Echo echo(limits);
        std::vector<std::unique_ptr<HttpClient>> slow;
        for (int i = 0; i < 64; ++i) {
            slow.push_back(std::make_unique<HttpClient>(echo.port));
            QVERIFY(slow.back()->send(begin.toStdString()));
        }
        QVERIFY(wait_for([&] { return echo.server->stats().held_bytes == 64; }));
        QCOMPARE(HttpClient(echo.port).post("/", std::string(20, 'x'))->status, 200);
        slow.clear();
        QVERIFY(wait_for([&] { return echo.server->stats().held_bytes == 0; }));
    }

    void a_body_that_outgrows_the_room_is_refused_on_its_way() {
        Limits limits;
        limits.held_bytes = 100'000;
        Echo echo(limits);
        HttpClient client(echo.port);
        QVERIFY(client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"));
        const std::string chunk = "8000\r\n" + std::string(0x8000, 'x') + "\r\n";
        for (int i = 0; i < 4; ++i)
            client.send(chunk);
        const auto refused = client.read();
        QCOMPARE(refused->status, 503);
        QCOMPARE(refused->header("Retry-After"), std::string("1"));
        QCOMPARE(echo.server->stats().no_room, std::uint64_t{1});
        QCOMPARE(echo.server->stats().held_bytes, std::uint64_t{0});
    }

    void a_refusal_carries_what_browsers_need() {
        Limits limits;
        limits.body_bytes = 10;
        Echo echo(limits);
        const auto refused =
            HttpClient(echo.port).post("/", "more than ten", "Origin: http://a\r\n");
        QCOMPARE(refused->status, 413);
        QCOMPARE(refused->header("X-Refused"), std::string("POST / from http://a"));
        QCOMPARE(HttpClient(echo.port).get("/")->header("X-Refused"), std::string());
    }

    void what_is_no_http_gets_an_answer_and_the_door_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("status");
        QTest::newRow("noise") << QByteArray("\x16\x03\x01 hello\r\n\r\n") << 400;
        QTest::newRow("no host") << QByteArray("GET / HTTP/1.1\r\n\r\n") << 400;
        QTest::newRow("two lengths")
            << QByteArray("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n"
                          "Content-Length: 2\r\n\r\nab")
            << 400;
        QTest::newRow("length and chunks")
            << QByteArray("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\n"
                          "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            << 400;
        QTest::newRow("version") << QByteArray("GET / HTTP/3.0\r\nHost: t\r\n\r\n") << 505;
        QTest::newRow("no path") << QByteArray("GET x HTTP/1.1\r\nHost: t\r\n\r\n") << 400;
        QTest::newRow("header") << QByteArray("GET / HTTP/1.1\r\nHost: t\r\nA: ") +
                                       QByteArray(100'000, 'a') + "\r\n\r\n"
                                << 431;
    }
    void what_is_no_http_gets_an_answer_and_the_door() {
        QFETCH(QByteArray, bytes);
        QFETCH(int, status);
        Echo echo;
        HttpClient client(echo.port);
        client.send(bytes.toStdString());
        const auto refused = client.read();
        QVERIFY(refused.has_value());
        QCOMPARE(refused->status, status);
        QVERIFY(client.ended());
        QCOMPARE(HttpClient(echo.port).get("/")->status, 200);
    }

    void who_dribbles_is_dropped_and_others_do_not_notice_data() {
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("header") << QByteArray("POST / HTTP/1.1\r\nHost: t\r\n");
        QTest::newRow("body") << QByteArray(
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\r\n");
    }
    void who_dribbles_is_dropped_and_others_do_not_notice() {
        QFETCH(QByteArray, begin);
        Limits limits;
        limits.request = 400ms;
        Echo echo(limits);
        HttpClient slow(echo.port);
        QVERIFY(slow.send(begin.toStdString()));
        int noticed = 0;
        // A byte now and then does not extend the time for the whole.
        const bool dropped = wait_for([&] {
            std::this_thread::sleep_for(20ms);
            const auto other = HttpClient(echo.port).get("/");
            noticed += other && other->status == 200 ? 0 : 1;
            return !slow.send("X");
        });
        QVERIFY(dropped);
        QVERIFY(slow.ended());
        QCOMPARE(noticed, 0);
        QVERIFY(wait_for([&] { return echo.server->stats().timed_out == 1; }));
    }

    void a_thousand_connections_are_served_and_more_are_turned_away() {
        Limits limits;
        limits.connections = 1000;
        Echo echo(limits);
        std::vector<std::unique_ptr<HttpClient>> clients;
        for (int i = 0; i < 1000; ++i)
            clients.push_back(std::make_unique<HttpClient>(echo.port));
        for (const auto& client : clients)
            QVERIFY(client->send("GET /one HTTP/1.1\r\nHost: t\r\n\r\n"));
        for (const auto& client : clients)
            QCOMPARE(client->read()->status, 200);
        QCOMPARE(echo.server->stats().open, std::uint64_t{1000});
        QVERIFY(HttpClient(echo.port).ended());
        QCOMPARE(echo.server->stats().turned_away, std::uint64_t{1});
        clients.clear();
        QVERIFY(wait_for([&] { return echo.server->stats().open == 0; }));
        QCOMPARE(HttpClient(echo.port).get("/")->status, 200);
    }

    void a_drain_answers_what_was_taken_and_takes_no_more() {
        Echo echo;
        HttpClient idle(echo.port);
        QCOMPARE(idle.get("/")->status, 200);
        HttpClient busy(echo.port);
        QVERIFY(busy.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n"));
        QVERIFY(wait_for([&] { return echo.waiting() == 1; }));
        QVERIFY(!echo.server->drain(50ms));
        QVERIFY(idle.ended());
        QVERIFY(!HttpClient(echo.port).connected());
        echo.answer_first("still answered");
        const auto last = busy.read();
        QCOMPARE(last->body, std::string("still answered"));
        QCOMPARE(last->header("Connection"), std::string("close"));
        QVERIFY(busy.ended());
        QVERIFY(echo.server->drain(20s));
    }

    void a_drain_does_not_wait_for_what_may_never_come_whole_data() {
        QTest::addColumn<QByteArray>("begin");
        QTest::newRow("header") << QByteArray("POST / HTTP/1.1\r\nHo");
        QTest::newRow("body") << QByteArray(
            "POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 10\r\n\r\nhalf");
    }
    void a_drain_does_not_wait_for_what_may_never_come_whole() {
        QFETCH(QByteArray, begin);
        Echo echo; // a request may take 20 s
        HttpClient client(echo.port);
        QVERIFY(client.send(begin.toStdString()));
        QVERIFY(wait_for([&] { return echo.server->stats().open == 1; }));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(echo.server->drain(15s));
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(client.ended());
    }

    void a_server_that_ends_leaves_answers_behind_safely() {
        auto echo = std::make_unique<Echo>();
        HttpClient client(echo->port);
        QVERIFY(client.send("GET /later HTTP/1.1\r\nHost: t\r\n\r\n"));
        QVERIFY(wait_for([&] { return echo->waiting() == 1; }));
        Responder kept = std::move(echo->later.front());
        echo->later.clear();
        echo.reset();
        kept(Response{});
        QVERIFY(client.ended());
    }

    void https_works_with_the_certificate_that_is_made() {
        Echo echo({}, true);
        QCOMPARE(echo.server->fingerprint().size(), std::size_t{95});
        const auto said =
            run({"sh", "-c",
                 "printf 'GET /tls HTTP/1.1\\r\\nHost: t\\r\\nConnection: close\\r\\n\\r\\n' | "
                 "openssl s_client -quiet -ign_eof -connect 127.0.0.1:" +
                     std::to_string(echo.port) + " 2>/dev/null"},
                60);
        VERIFY_OK(said);
        QVERIFY2(said->find("GET /tls? 0 ") != std::string::npos, said->c_str());
        QVERIFY(HttpClient(echo.port).send("GET / HTTP/1.1\r\n\r\n")); // no TLS: no harm
    }

    void mistakes_in_the_setup_are_told() {
        const auto handler = [](Request&&, Responder) {};
        ServerOptions options;
        options.listen = {{"not an address", 0, false}};
        VERIFY_ERROR(Server::start(options, handler), ErrorCode::Config);
        Echo echo;
        options.listen = {{"127.0.0.1", echo.port, false}};
        VERIFY_ERROR(Server::start(options, handler), ErrorCode::Io);
        options.listen = {{"127.0.0.1", 0, true}};
        options.certificate_file = "/nonexistent.pem";
        VERIFY_ERROR(Server::start(options, handler), ErrorCode::Config);
        options.key_file = "/nonexistent.key";
        VERIFY_ERROR(Server::start(options, handler), ErrorCode::Config);
        VERIFY_ERROR(parse_listen("127.0.0.1:80x", false), ErrorCode::Usage);
        QCOMPARE(parse_listen("8080", false)->host, std::string("127.0.0.1"));
        QCOMPARE(parse_listen("[::1]:81", false)->host, std::string("::1"));
    }
};

QTEST_GUILESS_MAIN(TestServer)
#include "tst_server.moc"
