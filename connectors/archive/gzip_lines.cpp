// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/archive/gzip_lines.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>
#include <xxhash.h>
#include <zlib.h>

#include "connectors/archive/part_file.h"

namespace weir {
namespace {

constexpr int gzip_window_bits = 15 + 16; // the largest window, and gzip's header
constexpr int usual_memory = 8;
constexpr std::size_t step_bytes = 64u << 10;

using Buffer = std::array<char, step_bytes>;

Error corrupt(const std::string& name, const std::string& why) {
    return {
        .code = ErrorCode::Corrupt, .what = "the archive file is broken: " + why, .where = name};
}

Error unread(const std::string& name) {
    return {.code = errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Io,
            .what = std::string("the file cannot be read: ") + std::strerror(errno),
            .where = name};
}

// zlib reads only, but its interface is older than const.
Bytef* bytes_of(const char* text) {
    return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(text)); // NOLINT
}

/// Counts lines and hashes them, ends included.
class Digester {
  public:
    Digester()
        : m_state(XXH3_createState()) {
        XXH3_128bits_reset(m_state.get());
    }
    void add(std::string_view text) {
        XXH3_128bits_update(m_state.get(), text.data(), text.size());
        m_lines += std::count(text.begin(), text.end(), '\n');
        if (!text.empty())
            m_ended = text.back() == '\n';
    }
    bool ended() const { return m_ended; }
    LinesDigest digest() const {
        const XXH128_hash_t hash = XXH3_128bits_digest(m_state.get());
        return {m_lines, hash.high64, hash.low64};
    }

  private:
    struct Free {
        void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
    };
    std::unique_ptr<XXH3_state_t, Free> m_state;
    std::int64_t m_lines = 0;
    bool m_ended = true;
};

/// Digests a text that comes in pieces, and hands its lines on.
class LineCutter {
  public:
    explicit LineCutter(const TakeLine& take)
        : m_take(take) {}

    Result<void> add(std::string_view text) {
        m_digester.add(text);
        for (std::size_t end; m_take && (end = text.find('\n')) != std::string_view::npos;) {
            m_begun.append(text.substr(0, end));
            text.remove_prefix(end + 1);
            if (auto taken = m_take(m_begun); !taken)
                return taken;
            m_begun.clear();
        }
        if (m_take)
            m_begun.append(text);
        return {};
    }
    bool ended() const { return m_digester.ended(); }
    LinesDigest digest() const { return m_digester.digest(); }

  private:
    const TakeLine& m_take;
    Digester m_digester;
    std::string m_begun; // of a line
};

struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Closer>;

/// Hands out bytes [first, past) of a file, some at a time.
Result<void> read_bytes(const std::string& name, std::int64_t first, std::int64_t past,
                        const std::function<Result<void>(std::string_view)>& take) {
    const File file(std::fopen(name.c_str(), "rb"));
    if (!file || std::fseek(file.get(), static_cast<long>(first), SEEK_SET) != 0)
        return unread(name);
    Buffer buffer;
    for (std::int64_t left = past - first; left > 0;) {
        const std::size_t wanted = std::min<std::size_t>(buffer.size(), std::size_t(left));
        const std::size_t read = std::fread(buffer.data(), 1, wanted, file.get());
        if (read == 0)
            return std::ferror(file.get()) != 0 ? unread(name)
                                                : corrupt(name, "it is shorter than it was");
        if (auto taken = take({buffer.data(), read}); !taken)
            return taken;
        left -= static_cast<std::int64_t>(read);
    }
    return {};
}

/// Members behind each other become their text.
class Inflater {
  public:
    Inflater() { m_ready = inflateInit2(&m_stream, gzip_window_bits) == Z_OK; }
    ~Inflater() {
        if (m_ready)
            inflateEnd(&m_stream);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Result<void> add(std::string_view bytes, const std::string& name, LineCutter& text) {
        m_stream.next_in = bytes_of(bytes.data());
        m_stream.avail_in = static_cast<uInt>(bytes.size());
        Buffer out;
        int status = Z_OK;
        while (m_ready && (m_stream.avail_in > 0 || (status == Z_OK && m_stream.avail_out == 0))) {
            m_stream.next_out = bytes_of(out.data());
            m_stream.avail_out = static_cast<uInt>(out.size());
            status = inflate(&m_stream, Z_NO_FLUSH);
            if (auto added = text.add({out.data(), out.size() - m_stream.avail_out}); !added)
                return added;
            if (status == Z_BUF_ERROR) // nothing was left that had not come out
                break;
            m_within = status == Z_OK;
            if (status == Z_STREAM_END)
                m_ready = inflateReset(&m_stream) == Z_OK;
            else if (status != Z_OK)
                return corrupt(name, m_stream.msg != nullptr ? m_stream.msg : "no gzip");
        }
        return m_ready ? Result<void>() : Result<void>(corrupt(name, "it cannot be inflated"));
    }
    /// Whether a member has begun and not ended.
    bool within() const { return m_within; }

  private:
    z_stream m_stream{};
    bool m_ready = false;
    bool m_within = false;
};

} // namespace

struct GzipLinesWriter::Private {
    explicit Private(std::string name)
        : file(std::move(name)) {
        ready = deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip_window_bits,
                             usual_memory, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~Private() {
        if (ready)
            deflateEnd(&stream);
    }
    Private(const Private&) = delete;
    Private& operator=(const Private&) = delete;

    Result<void> put(std::string_view bytes) {
        written += static_cast<std::int64_t>(bytes.size());
        return file.write(bytes);
    }
    /// Compresses what `stream` was given.
    Result<void> deflate_all(int flush) {
        if (!ready)
            return Error{ErrorCode::Internal, "the lines cannot be compressed", file.name()};
        Buffer out;
        do {
            stream.next_out = bytes_of(out.data());
            stream.avail_out = static_cast<uInt>(out.size());
            ::deflate(&stream, flush);
            if (auto done = put({out.data(), out.size() - stream.avail_out}); !done)
                return done;
        } while (stream.avail_out == 0);
        return {};
    }
    Result<void> add(std::string_view text) {
        digester.add(text);
        stream.next_in = bytes_of(text.data());
        stream.avail_in = static_cast<uInt>(text.size());
        return deflate_all(Z_NO_FLUSH);
    }

    PartFile file;
    z_stream stream{};
    bool ready = false;
    std::int64_t written = 0;
    Digester digester;
};

GzipLinesWriter::GzipLinesWriter(std::unique_ptr<Private> p)
    : d(std::move(p)) {}
GzipLinesWriter::~GzipLinesWriter() = default;

Result<std::unique_ptr<GzipLinesWriter>> GzipLinesWriter::create(std::string name,
                                                                 std::int64_t kept_bytes) {
    auto p = std::make_unique<Private>(name);
    if (auto opened = p->put({}); !opened)
        return opened.error();
    if (kept_bytes > 0)
        if (auto kept = read_bytes(name, 0, kept_bytes,
                                   [&](std::string_view bytes) { return p->put(bytes); });
            !kept)
            return kept.error();
    return std::unique_ptr<GzipLinesWriter>(new GzipLinesWriter(std::move(p)));
}

Result<void> GzipLinesWriter::add(std::string_view line) {
    auto added = d->add(line);
    return added ? d->add("\n") : added;
}

Result<void> GzipLinesWriter::close() {
    d->stream.avail_in = 0;
    auto ended = d->deflate_all(Z_FINISH);
    return ended ? d->file.close() : ended;
}

Result<void> GzipLinesWriter::finish() {
    return d->file.finish();
}

std::int64_t GzipLinesWriter::bytes() const {
    return d->written;
}

LinesDigest GzipLinesWriter::digest() const {
    return d->digester.digest();
}

Result<LinesDigest> read_gzip_lines(const std::string& name, std::int64_t first_byte,
                                    std::int64_t past_byte, const TakeLine& take) {
    Inflater inflater;
    LineCutter text(take);
    const auto read = read_bytes(name, first_byte, past_byte, [&](std::string_view bytes) {
        return inflater.add(bytes, name, text);
    });
    if (!read)
        return read.error();
    if (inflater.within() || !text.ended())
        return corrupt(name, "it ends in the middle");
    return text.digest();
}

Result<std::int64_t> file_bytes(const std::string& name) {
    struct stat about {};
    if (::stat(name.c_str(), &about) != 0)
        return unread(name);
    return static_cast<std::int64_t>(about.st_size);
}

} // namespace weir
