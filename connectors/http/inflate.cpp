// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/http/inflate.h"

#include <algorithm>
#include <limits>
#include <zlib.h>

namespace weir::http {

namespace {

constexpr int window_bits_any = 15 + 32; // zlib's or gzip's header, whichever there is
constexpr std::size_t step_bytes = 64u << 10;

struct Stream {
    z_stream state{};
    bool ready = false;
    Stream() { ready = inflateInit2(&state, window_bits_any) == Z_OK; }
    ~Stream() {
        if (ready)
            inflateEnd(&state);
    }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
};

Error corrupt(const char* why) {
    return Error{ErrorCode::Corrupt, std::string("the compressed body is broken: ") + why};
}

} // namespace

Result<std::string> inflated(std::string_view bytes, std::size_t bytes_max) {
    Stream stream;
    if (!stream.ready || bytes.size() > std::numeric_limits<uInt>::max())
        return Error{ErrorCode::Internal, "the body cannot be inflated"};
    // zlib reads only, but its interface is older than const.
    stream.state.next_in =
        const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data())); // NOLINT
    stream.state.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    for (;;) {
        const std::size_t held = out.size();
        // One byte past the limit tells "exactly full" from "too much".
        const std::size_t room = std::min(step_bytes, bytes_max + 1 - held);
        out.resize(held + room);
        stream.state.next_out = reinterpret_cast<Bytef*>(out.data() + held); // NOLINT
        stream.state.avail_out = static_cast<uInt>(room);
        const int status = ::inflate(&stream.state, Z_NO_FLUSH);
        out.resize(held + room - stream.state.avail_out);
        if (out.size() > bytes_max)
            return Error{ErrorCode::TooLarge,
                         "the body inflates to more than " + std::to_string(bytes_max) + " bytes"};
        if (status == Z_STREAM_END) {
            if (stream.state.avail_in == 0)
                return out;
            if (inflateReset(&stream.state) != Z_OK) // another member
                return corrupt("nothing can follow it");
        } else if (status == Z_BUF_ERROR ||
                   (status == Z_OK && stream.state.avail_in == 0 && stream.state.avail_out > 0)) {
            return corrupt("it ends in the middle");
        } else if (status != Z_OK) {
            return corrupt(stream.state.msg != nullptr ? stream.state.msg : "no gzip, no zlib");
        }
    }
}

} // namespace weir::http
