// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/login/login_frames.h"

#include <algorithm>

namespace weir::kafka {
namespace {

constexpr std::size_t length_bytes = 4;
constexpr std::string_view client_id = "weir/" WEIR_VERSION;

template <class T>
void put(std::string& out, T number) {
    for (int shift = int(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
        out += char(number >> shift & 0xff);
}

/// Reads what a frame holds from its front; after a read past its end everything is 0 and empty.
class FrameReader {
  public:
    explicit FrameReader(std::string_view frame)
        : m_rest(frame) {}

    template <class T>
    T number() {
        const std::string_view bytes = take(sizeof(T));
        std::uint64_t value = 0;
        for (const char byte : bytes)
            value = value << 8 | std::uint8_t(byte);
        return static_cast<T>(value);
    }
    /// `size` below 0: null, taken for empty.
    std::string_view take(std::int64_t size) {
        if (size <= 0)
            return {};
        if (std::uint64_t(size) > m_rest.size()) {
            m_short = true;
            m_rest = {};
            return {};
        }
        const std::string_view taken = m_rest.substr(0, std::size_t(size));
        m_rest.remove_prefix(taken.size());
        return taken;
    }
    std::string text() { return std::string(take(number<std::int16_t>())); }
    std::string bytes() { return std::string(take(number<std::int32_t>())); }
    bool good() const { return !m_short; }

  private:
    std::string_view m_rest;
    bool m_short = false;
};

Error corrupt() {
    return Error{.code = ErrorCode::Corrupt, .what = "an answer is not one of Kafka's protocol"};
}

} // namespace

std::string login_request(LoginApi api, std::int16_t version, std::int32_t correlation,
                          std::string_view body) {
    std::string request;
    put(request, std::int16_t(api));
    put(request, version);
    put(request, correlation);
    put(request, std::int16_t(client_id.size()));
    request.append(client_id).append(body);
    std::string framed;
    put(framed, std::int32_t(request.size()));
    return framed + request;
}

std::string handshake_body(std::string_view mechanism) {
    std::string body;
    put(body, std::int16_t(mechanism.size()));
    return body.append(mechanism);
}

std::string authenticate_body(std::string_view message) {
    std::string body;
    put(body, std::int32_t(message.size()));
    return body.append(message);
}

Result<std::optional<std::string>> LoginInbox::take() {
    if (m_bytes.size() < length_bytes)
        return std::optional<std::string>();
    const auto size = FrameReader(m_bytes).number<std::uint32_t>();
    if (size < length_bytes || size > login_frame_bytes_max)
        return Error{.code = ErrorCode::Corrupt,
                     .what = "Invalid response size " + std::to_string(std::int32_t(size))};
    if (m_bytes.size() - length_bytes < size)
        return std::optional<std::string>();
    std::optional<std::string> frame = m_bytes.substr(length_bytes, size);
    m_bytes.erase(0, length_bytes + size);
    return frame;
}

Result<VersionsAnswer> read_versions(std::string_view frame, std::int32_t correlation) {
    FrameReader reader(frame);
    if (reader.number<std::int32_t>() != correlation)
        return corrupt();
    VersionsAnswer answer;
    answer.error = reader.number<std::int16_t>();
    const auto count = reader.number<std::int32_t>();
    for (std::int32_t i = 0; i < count && reader.good(); ++i) {
        const auto api = reader.number<std::int16_t>();
        (void)reader.number<std::int16_t>(); // the oldest version
        const auto newest = reader.number<std::int16_t>();
        if (api == std::int16_t(LoginApi::SaslAuthenticate) && reader.good())
            answer.authenticate_version_max = newest;
    }
    if (!reader.good())
        return corrupt();
    return answer;
}

Result<HandshakeAnswer> read_handshake(std::string_view frame, std::int32_t correlation) {
    FrameReader reader(frame);
    if (reader.number<std::int32_t>() != correlation)
        return corrupt();
    HandshakeAnswer answer;
    answer.error = reader.number<std::int16_t>();
    const auto count = reader.number<std::int32_t>();
    for (std::int32_t i = 0; i < count && reader.good(); ++i)
        answer.mechanisms.push_back(reader.text());
    if (!reader.good())
        return corrupt();
    return answer;
}

Result<AuthenticateAnswer> read_authenticate(std::string_view frame, std::int32_t correlation,
                                             int version) {
    FrameReader reader(frame);
    if (reader.number<std::int32_t>() != correlation)
        return corrupt();
    AuthenticateAnswer answer;
    answer.error = reader.number<std::int16_t>();
    answer.why = reader.text();
    answer.message = reader.bytes();
    if (version >= 1)
        answer.session =
            std::chrono::milliseconds(std::max<std::int64_t>(0, reader.number<std::int64_t>()));
    if (!reader.good())
        return corrupt();
    return answer;
}

} // namespace weir::kafka
