// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/http/server.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "connectors/http/certificate.h"
#include "connectors/http/session.h"

namespace weir::http {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds accept_pause{50};
constexpr std::chrono::milliseconds drain_step{5};
constexpr int backlog = 1024;

std::string file_text(const std::string& path) {
    const std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

Error certificate_error(const std::string& file, const error_code& ec) {
    return Error{ErrorCode::Config, "it cannot be used: " + ec.message(), file, "setting up HTTPS",
                 "It must be a readable PEM file."};
}

} // namespace

struct Server::Private {
    /// One thread, and the sockets that it serves.
    struct Loop {
        asio::io_context context{1};
        asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
        std::thread thread;
    };
    struct Door {
        explicit Door(asio::io_context& context)
            : acceptor(context)
            , pause(context) {}
        tcp::acceptor acceptor;
        asio::steady_timer pause;
        bool tls = false;
    };

    std::shared_ptr<ServerCore> core;
    std::shared_ptr<asio::ssl::context> tls;
    // Sessions point at their loop's context, and a Responder keeps its session alive: the loops
    // live as long as the last of them.
    std::shared_ptr<std::vector<std::unique_ptr<Loop>>> loops =
        std::make_shared<std::vector<std::unique_ptr<Loop>>>();
    std::vector<std::unique_ptr<Door>> doors;
    std::vector<std::string> urls;
    std::string fingerprint;
    std::size_t next_loop = 0;

    Result<void> prepare_tls(const ServerOptions& options);
    Result<void> open_door(const Listen& listen);
    void accept(Door& door);
    void close_doors();
    void finish_loops();
    void stop();
};

Result<void> Server::Private::prepare_tls(const ServerOptions& options) {
    std::vector<std::string> addresses;
    for (const Listen& listen : options.listen)
        if (listen.tls)
            addresses.push_back(listen.host);
    if (addresses.empty())
        return {};
    tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
    error_code ec;
    tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                         asio::ssl::context::no_tlsv1_1,
                     ec);
    if (options.certificate_file.empty() != options.key_file.empty())
        return Error{ErrorCode::Config, "a certificate and its key go together"};
    if (options.certificate_file.empty()) {
        auto made = generated_certificate(addresses);
        if (!made)
            return made.error();
        tls->use_certificate(asio::buffer(made->certificate_pem), asio::ssl::context::pem, ec);
        if (!ec)
            tls->use_private_key(asio::buffer(made->key_pem), asio::ssl::context::pem, ec);
        if (ec)
            return certificate_error("the generated certificate", ec);
        fingerprint = certificate_fingerprint(made->certificate_pem);
        return {};
    }
    tls->use_certificate_chain_file(options.certificate_file, ec);
    if (ec)
        return certificate_error(options.certificate_file, ec);
    tls->use_private_key_file(options.key_file, asio::ssl::context::pem, ec);
    if (ec)
        return certificate_error(options.key_file, ec);
    fingerprint = certificate_fingerprint(file_text(options.certificate_file));
    return {};
}

Result<void> Server::Private::open_door(const Listen& listen) {
    error_code ec;
    const auto address = asio::ip::make_address(listen.host, ec);
    if (ec)
        return Error{ErrorCode::Config,
                     "\"" + listen.host + "\" is no address of this machine",
                     {},
                     {},
                     "Write a numeric one, for example 127.0.0.1."};
    auto door = std::make_unique<Door>(loops->front()->context);
    door->tls = listen.tls;
    const tcp::endpoint endpoint(address, static_cast<unsigned short>(listen.port));
    door->acceptor.open(endpoint.protocol(), ec);
    if (!ec)
        door->acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec)
        door->acceptor.bind(endpoint, ec);
    if (!ec)
        door->acceptor.listen(backlog, ec);
    const std::string host = address.is_v6() ? "[" + listen.host + "]" : listen.host;
    if (ec)
        return Error{ErrorCode::Io,
                     "nothing can listen at " + host + ":" + std::to_string(listen.port) + ": " +
                         ec.message(),
                     {},
                     {},
                     "Choose another port, or end what holds it."};
    urls.push_back((listen.tls ? "https://" : "http://") + host + ":" +
                   std::to_string(door->acceptor.local_endpoint(ec).port()));
    doors.push_back(std::move(door));
    return {};
}

void Server::Private::accept(Door& door) {
    Loop& loop = *(*loops)[next_loop++ % loops->size()];
    door.acceptor.async_accept(loop.context, [this, &door](error_code ec, tcp::socket socket) {
        if (ec == asio::error::operation_aborted || !door.acceptor.is_open())
            return;
        if (ec) { // no file descriptor is left, most likely: some will be
            door.pause.expires_after(accept_pause);
            door.pause.async_wait([this, &door](error_code cancelled) {
                if (!cancelled)
                    accept(door);
            });
            return;
        }
        if (core->draining) {
            socket.close(ec);
        } else if (core->open() >= core->limits.connections) {
            ++core->turned_away;
            socket.close(ec);
        } else {
            start_session(std::move(socket), core, door.tls ? tls : nullptr);
        }
        accept(door);
    });
}

void Server::Private::close_doors() {
    for (const auto& door : doors)
        asio::post(door->acceptor.get_executor(), [d = door.get()] {
            error_code ignored;
            d->acceptor.close(ignored);
            d->pause.cancel();
        });
}

/// A connection taken while its thread was ending still has something to do: with its socket closed
/// that is over at once.
void Server::Private::finish_loops() {
    for (const auto& connection : core->all())
        connection->abort();
    for (std::size_t ran = 1; ran > 0;) {
        ran = 0;
        for (const auto& loop : *loops) {
            loop->context.restart();
            ran += loop->context.poll();
        }
    }
}

void Server::Private::stop() {
    core->draining = true;
    close_doors();
    for (const auto& connection : core->all())
        connection->abort();
    for (const auto& loop : *loops)
        loop->work.reset();
    for (const auto& loop : *loops)
        if (loop->thread.joinable())
            loop->thread.join();
    finish_loops();
    core->threads_ended();
}

Server::Server(std::unique_ptr<Private> p)
    : d(std::move(p)) {}

Server::~Server() {
    d->stop();
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
    auto p = std::make_unique<Private>();
    p->core = std::make_shared<ServerCore>(options.limits, std::move(handler),
                                           std::move(options.refused));
    if (auto ready = p->prepare_tls(options); !ready)
        return ready.error();
    for (int i = 0; i < std::max(1, options.threads); ++i)
        p->loops->push_back(std::make_unique<Private::Loop>());
    p->core->keep_alive(p->loops);
    for (const Listen& listen : options.listen)
        if (auto opened = p->open_door(listen); !opened)
            return opened.error();
    for (const auto& door : p->doors)
        p->accept(*door);
    for (const auto& loop : *p->loops)
        loop->thread = std::thread([l = loop.get()] { l->context.run(); });
    return std::unique_ptr<Server>(new Server(std::move(p)));
}

const std::vector<std::string>& Server::urls() const {
    return d->urls;
}

const std::string& Server::fingerprint() const {
    return d->fingerprint;
}

ServerStats Server::stats() const {
    const ServerCore& c = *d->core;
    return {c.connections, c.open(),  c.turned_away, c.requests,  c.malformed,
            c.too_large,   c.no_room, c.timed_out,   c.held_bytes};
}

bool Server::drain(std::chrono::milliseconds timeout) {
    d->core->draining = true;
    d->close_doors();
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        for (const auto& connection : d->core->all())
            connection->retire();
        if (d->core->open() == 0)
            return true;
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        std::this_thread::sleep_for(drain_step);
    }
}

} // namespace weir::http
