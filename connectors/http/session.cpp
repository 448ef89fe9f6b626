// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/http/session.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <ctime>

#include "connectors/http/inflate.h"

namespace weir::http {

namespace {

namespace beast = boost::beast;
namespace asio = boost::asio;
namespace bhttp = boost::beast::http;
using boost::system::error_code;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

constexpr std::size_t read_step_bytes = 16u << 10;
constexpr std::size_t linger_bytes_max = 64u << 20;
constexpr std::chrono::seconds linger_time{2};

std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    const std::size_t size =
        std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text.data(), size};
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

Response plain_answer(int status, std::string text) {
    return Response{status, "text/plain; charset=utf-8", std::move(text) + "\n", {}};
}

Response no_room_answer() {
    Response response = plain_answer(503, "there is no room for the body now");
    response.headers.push_back({"Retry-After", "1"});
    return response;
}

/// A status for what Beast could not read; 0: nobody is there to be answered.
int status_of(error_code ec) {
    if (ec == bhttp::error::header_limit || ec == bhttp::error::buffer_overflow)
        return 431;
    if (ec == bhttp::error::body_limit)
        return 413;
    if (ec == bhttp::error::bad_version)
        return 505;
    if (ec == bhttp::error::end_of_stream || ec == bhttp::error::partial_message)
        return 0;
    return ec.category() == bhttp::make_error_code(bhttp::error::end_of_stream).category() ? 400
                                                                                           : 0;
}

/// A body that takes room as its bytes come, not when they are announced: who announces much and
/// sends little keeps nobody out.
struct RoomyBody {
    struct value_type {
        HeldRoom* room = nullptr; // REQUIRES: set before the body is read
        std::string text;
    };
    class reader {
      public:
        template <bool is_request, class Fields>
        reader(bhttp::header<is_request, Fields>&, value_type& body)
            : m_body(body) {}
        void init(const boost::optional<std::uint64_t>&, error_code& ec) { ec = {}; }
        template <class Buffers>
        std::size_t put(const Buffers& buffers, error_code& ec) {
            const std::size_t bytes = beast::buffer_bytes(buffers);
            ec = m_body.room->hold(bytes) ? error_code() : no_room();
            if (ec)
                return 0;
            for (const asio::const_buffer part : beast::buffers_range_ref(buffers))
                m_body.text.append(static_cast<const char*>(part.data()), part.size());
            return bytes;
        }
        void finish(error_code& ec) { ec = {}; }

      private:
        value_type& m_body;
    };
    static error_code no_room() { return make_error_code(boost::system::errc::not_enough_memory); }
};

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
  public:
    Session(Stream&& stream, std::shared_ptr<ServerCore> core,
            std::shared_ptr<asio::ssl::context> tls)
        : m_core(std::move(core))
        , m_tls(std::move(tls))
        , m_stream(std::move(stream))
        , m_room(*m_core) {}

    ~Session() override { m_core->leave(this); }

    void start();
    void retire() override;
    void abort() override;

  private:
    using Self = std::shared_ptr<Session>;
    Self self() { return this->shared_from_this(); }
    beast::tcp_stream& tcp() { return beast::get_lowest_layer(m_stream); }

    void shake_hands();
    void wait_for_request();
    void read_header();
    void take_header();
    bool check_header(Response& refused);
    void read_body();
    void take_body(error_code ec);
    bool inflate_body(Response& refused);
    void hand_over();
    void answer(Response&& response);
    void write(Response&& response);
    void written(error_code ec);
    void refuse(Response&& response);
    void refuse_unread(error_code ec);
    void count_and_dress(Response& refused);
    void finish();
    void linger();
    void close();
    Request request_of_parser();

    const std::shared_ptr<ServerCore> m_core;
    const std::shared_ptr<asio::ssl::context> m_tls; // outlives the stream
    Stream m_stream;
    beast::flat_buffer m_buffer;
    HeldRoom m_room;
    std::optional<bhttp::request_parser<RoomyBody>> m_parser;
    std::optional<bhttp::response<bhttp::string_body>> m_response;
    Micros m_received;
    std::string m_body;
    std::size_t m_lingered_bytes = 0;
    bool m_taken = false; // a request is whole, or refused: it gets its answer
    bool m_last = false;  // no request after this one
    bool m_head = false;  // answered without a body
};

/// Called on the acceptor's thread; all else happens on the socket's.
template <class Stream>
void Session<Stream>::start() {
    m_core->enter(self());
    asio::dispatch(m_stream.get_executor(), [me = self()] {
        if constexpr (std::is_same_v<Stream, Tls>)
            me->shake_hands();
        else
            me->wait_for_request();
    });
}

template <class Stream>
void Session<Stream>::shake_hands() {
    if constexpr (std::is_same_v<Stream, Tls>) {
        tcp().expires_after(m_core->limits.request);
        m_stream.async_handshake(asio::ssl::stream_base::server, [me = self()](error_code ec) {
            if (!ec)
                return me->wait_for_request();
            ++(ec == beast::error::timeout ? me->m_core->timed_out : me->m_core->malformed);
            me->close();
        });
    }
}

template <class Stream>
void Session<Stream>::retire() {
    m_core->post_if_running([this] {
        asio::post(m_stream.get_executor(), [me = self()] {
            me->m_last = true;
            if (!me->m_taken)
                me->close();
        });
    });
}

template <class Stream>
void Session<Stream>::abort() {
    m_core->post_if_running(
        [this] { asio::post(m_stream.get_executor(), [me = self()] { me->close(); }); });
}

template <class Stream>
void Session<Stream>::wait_for_request() {
    if (m_core->draining)
        return finish();
    m_taken = false;
    if (m_buffer.size() > 0) // the next one of a pipeline
        return read_header();
    tcp().expires_after(m_core->limits.idle);
    m_stream.async_read_some(m_buffer.prepare(read_step_bytes),
                             [me = self()](error_code ec, std::size_t size) {
                                 if (ec)
                                     return me->close();
                                 me->m_buffer.commit(size);
                                 me->read_header();
                             });
}

template <class Stream>
void Session<Stream>::read_header() {
    m_parser.emplace();
    m_parser->get().body().room = &m_room;
    m_parser->header_limit(static_cast<std::uint32_t>(m_core->limits.header_bytes));
    m_parser->body_limit(m_core->limits.body_bytes);
    tcp().expires_after(m_core->limits.request); // for all of it: reading more does not extend it
    bhttp::async_read_header(m_stream, m_buffer, *m_parser,
                             [me = self()](error_code ec, std::size_t) {
                                 ec ? me->refuse_unread(ec) : me->take_header();
                             });
}

template <class Stream>
void Session<Stream>::take_header() {
    m_received = Micros::now();
    const auto& header = m_parser->get();
    m_head = header.method() == bhttp::verb::head;
    if (!header.keep_alive())
        m_last = true;
    Response refused;
    if (!check_header(refused))
        return refuse(std::move(refused));
    if (m_parser->is_done() || !beast::iequals(header[bhttp::field::expect], "100-continue"))
        return read_body();
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(m_stream, asio::buffer(go_on), [me = self()](error_code ec, std::size_t) {
        ec ? me->close() : me->read_body();
    });
}

/// Whether the body is wanted; judged by what is announced, before it comes.
template <class Stream>
bool Session<Stream>::check_header(Response& refused) {
    const auto& header = m_parser->get();
    const auto target = header.target();
    if (target.empty() || (target.front() != '/' && target != "*")) {
        refused = plain_answer(400, "the target must be a path");
        return false;
    }
    if (header.version() != 10 && header.version() != 11) {
        refused = plain_answer(505, "HTTP/1.1 is spoken here");
        return false;
    }
    if (header.version() == 11 && header.count(bhttp::field::host) != 1) {
        refused = plain_answer(400, "one Host is needed");
        return false;
    }
    const auto length = m_parser->content_length();
    if (length && *length > m_core->limits.body_bytes) {
        refused = plain_answer(413, "a body may have " + std::to_string(m_core->limits.body_bytes) +
                                        " bytes");
        return false;
    }
    if (!m_core->has_room(length ? static_cast<std::size_t>(*length) : 0)) {
        refused = no_room_answer();
        return false;
    }
    return true;
}

template <class Stream>
void Session<Stream>::read_body() {
    if (m_parser->is_done())
        return take_body({});
    bhttp::async_read(m_stream, m_buffer, *m_parser,
                      [me = self()](error_code ec, std::size_t) { me->take_body(ec); });
}

template <class Stream>
void Session<Stream>::take_body(error_code ec) {
    if (ec)
        return refuse_unread(ec);
    m_body = std::move(m_parser->get().body().text);
    Response refused;
    if (!inflate_body(refused)) {
        count_and_dress(refused);
        return answer(std::move(refused));
    }
    hand_over();
}

template <class Stream>
bool Session<Stream>::inflate_body(Response& refused) {
    const auto encoding = m_parser->get()[bhttp::field::content_encoding];
    if (encoding.empty() || beast::iequals(encoding, "identity"))
        return true;
    if (!beast::iequals(encoding, "gzip") && !beast::iequals(encoding, "x-gzip") &&
        !beast::iequals(encoding, "deflate")) {
        refused = plain_answer(415, "Content-Encoding may be gzip or deflate");
        refused.headers.push_back({"Accept-Encoding", "gzip, deflate"});
        return false;
    }
    auto plain = inflated(m_body, m_core->limits.inflated_bytes);
    if (!plain) {
        refused =
            plain_answer(plain.error().code == ErrorCode::TooLarge ? 413 : 400, plain.error().what);
        return false;
    }
    if (!m_room.hold(plain->size())) {
        refused = no_room_answer();
        return false;
    }
    m_body = std::move(*plain);
    return true;
}

template <class Stream>
Request Session<Stream>::request_of_parser() {
    const auto& message = m_parser->get();
    Request request;
    request.method = std::string(message.method_string());
    const std::string_view target(message.target().data(), message.target().size());
    const std::size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    if (mark < target.size())
        request.query = target.substr(mark + 1);
    for (const auto& field : message)
        request.headers.push_back(
            {lower_case({field.name_string().data(), field.name_string().size()}),
             std::string(field.value())});
    request.body = std::move(m_body);
    error_code ec;
    const auto endpoint = tcp().socket().remote_endpoint(ec);
    if (!ec)
        request.remote = endpoint.address().to_string();
    request.secure = std::is_same_v<Stream, Tls>;
    request.received = m_received;
    return request;
}

template <class Stream>
void Session<Stream>::hand_over() {
    if (!tcp().socket().is_open())
        return; // a drain closed it before its end was seen: nobody could be answered
    ++m_core->requests;
    m_taken = true;
    Request request = request_of_parser();
    m_parser.reset();
    tcp().expires_never();
    Responder responder([me = self()](Response&& response) {
        auto held = std::make_shared<Response>(std::move(response));
        me->m_core->post_if_running([&] {
            asio::post(me->m_stream.get_executor(), [me, held] { me->answer(std::move(*held)); });
        });
    });
    m_core->handler(std::move(request), std::move(responder));
}

template <class Stream>
void Session<Stream>::answer(Response&& response) {
    m_room.release();
    if (m_core->draining)
        m_last = true;
    write(std::move(response));
}

template <class Stream>
void Session<Stream>::write(Response&& response) {
    m_taken = true;
    m_response.emplace(static_cast<bhttp::status>(response.status), 11);
    auto& out = *m_response;
    out.set(bhttp::field::server, "weir");
    out.set(bhttp::field::date, http_date());
    if (!response.content_type.empty())
        out.set(bhttp::field::content_type, response.content_type);
    for (const Header& header : response.headers)
        out.insert(header.name, header.value);
    out.keep_alive(!m_last);
    if (response.status != 204 && response.status != 304)
        out.content_length(response.body.size());
    if (!m_head)
        out.body() = std::move(response.body);
    tcp().expires_after(m_core->limits.answer);
    bhttp::async_write(m_stream, out,
                       [me = self()](error_code ec, std::size_t) { me->written(ec); });
}

template <class Stream>
void Session<Stream>::written(error_code ec) {
    m_response.reset();
    if (ec) {
        if (ec == beast::error::timeout)
            ++m_core->timed_out;
        return close();
    }
    if (m_last)
        return finish();
    wait_for_request();
}

template <class Stream>
void Session<Stream>::count_and_dress(Response& refused) {
    m_body.clear();
    if (m_core->refused)
        m_core->refused(request_of_parser(), refused);
    if (refused.status == 413 || refused.status == 431)
        ++m_core->too_large;
    else if (refused.status == 503)
        ++m_core->no_room;
    else
        ++m_core->malformed;
}

/// The connection ends with this answer, as the rest of the request was not read.
template <class Stream>
void Session<Stream>::refuse(Response&& response) {
    count_and_dress(response);
    m_last = true;
    m_room.release();
    write(std::move(response));
}

template <class Stream>
void Session<Stream>::refuse_unread(error_code ec) {
    if (ec == beast::error::timeout) {
        ++m_core->timed_out;
        return close(); // Beast has closed the socket
    }
    if (ec == RoomyBody::no_room())
        return refuse(no_room_answer());
    const int status = status_of(ec);
    if (status != 0)
        return refuse(plain_answer(status, ec.message()));
    if (ec != bhttp::error::end_of_stream && ec != asio::error::operation_aborted)
        ++m_core->malformed;
    close();
}

template <class Stream>
void Session<Stream>::finish() {
    tcp().expires_after(linger_time);
    if constexpr (std::is_same_v<Stream, Tls>) {
        m_stream.async_shutdown([me = self()](error_code) { me->close(); });
    } else {
        error_code ignored;
        tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        linger();
    }
}

/// A socket closed with bytes unread resets the connection, and the client may lose the answer: so
/// what still comes is read and thrown away, for a while.
template <class Stream>
void Session<Stream>::linger() {
    m_buffer.clear();
    m_stream.async_read_some(m_buffer.prepare(read_step_bytes),
                             [me = self()](error_code ec, std::size_t size) {
                                 me->m_lingered_bytes += size;
                                 if (ec || me->m_lingered_bytes > linger_bytes_max)
                                     return me->close();
                                 me->linger();
                             });
}

template <class Stream>
void Session<Stream>::close() {
    error_code ignored;
    tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    tcp().close();
}

} // namespace

void start_session(asio::ip::tcp::socket&& socket, std::shared_ptr<ServerCore> core,
                   std::shared_ptr<asio::ssl::context> tls) {
    ++core->connections;
    error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (tls) {
        auto& context = *tls;
        std::make_shared<Session<Tls>>(Tls(Plain(std::move(socket)), context), std::move(core),
                                       std::move(tls))
            ->start();
    } else {
        std::make_shared<Session<Plain>>(Plain(std::move(socket)), std::move(core), nullptr)
            ->start();
    }
}

} // namespace weir::http
