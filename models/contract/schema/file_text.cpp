// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/contract/schema/file_text.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <sys/stat.h>

namespace weir::schema {

namespace {

Error file_error(const std::string& file, ErrorCode code, std::string what) {
    Error error;
    error.code = code;
    error.what = std::move(what);
    error.where = file;
    error.tried = "reading the file";
    return error;
}

Error errno_error(const std::string& file) {
    const ErrorCode code = errno == ENOENT || errno == ENOTDIR ? ErrorCode::NotFound
                           : errno == EACCES || errno == EPERM ? ErrorCode::NotPermitted
                                                               : ErrorCode::Io;
    return file_error(file, code, std::strerror(errno));
}

} // namespace

Result<std::string> read_file_text(const std::string& file, std::size_t bytes_max) {
    struct Close {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    const std::unique_ptr<std::FILE, Close> in(std::fopen(file.c_str(), "rb"));
    if (!in)
        return errno_error(file);
    struct stat facts {};
    if (::fstat(::fileno(in.get()), &facts) != 0)
        return errno_error(file);
    if (S_ISDIR(facts.st_mode))
        return file_error(file, ErrorCode::Config, "it is a folder");
    std::string text;
    char buffer[65'536];
    std::size_t read = 0;
    while ((read = std::fread(buffer, 1, sizeof buffer, in.get())) > 0) {
        if (text.size() + read > bytes_max)
            return file_error(file, ErrorCode::TooLarge,
                              "it is larger than " + std::to_string(bytes_max) + " bytes");
        text.append(buffer, read);
    }
    if (std::ferror(in.get()) != 0)
        return errno_error(file);
    return text;
}

} // namespace weir::schema
