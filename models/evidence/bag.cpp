#include "evidence/bag.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include <fmt/format.h>

#include "evidence/archive.h"

namespace scr::evidence {

namespace fs = std::filesystem;
using domain::failure;
using domain::failureOf;
using domain::Fault;
using domain::Nothing;
using domain::Result;
using domain::Status;

namespace {

constexpr std::size_t kPiece = 1U << 18U;
constexpr std::string_view kUntrusted = "scrutineer evidence pack"; // FORMAT.md, section 3
constexpr std::string_view kSigned = "tagmanifest-sha256.txt";

tl::unexpected<domain::Error> writeFailure(const std::string& path, int error)
{
    const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
    return failure(Fault::Unavailable,
                   fmt::format("{} cannot be written: {}; nothing was left there", path, std::strerror(error)),
                   full ? "Free some space or choose another disk" : "Check the folder and its permissions");
}

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

std::string manifestOf(const std::map<std::string, std::string>& files)
{
    std::string text;
    for (const auto& [path, hash] : files)
        text += fmt::format("{}  {}\n", hash, path);
    return text;
}

/// All that was written so far is on the disk: one call for tens of thousands of small files.
Status syncFolder(const std::string& folder)
{
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || ::syncfs(fd) != 0) {
        const int error = errno;
        if (fd >= 0)
            ::close(fd);
        return writeFailure(folder, error);
    }
    ::close(fd);
    return Nothing{};
}

} // namespace

struct BagFile::Hashing {
    std::unique_ptr<EVP_MD_CTX, FreeDigest> context{EVP_MD_CTX_new()};

    Hashing() { EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr); }
    void add(std::string_view bytes) { EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()); }
    [[nodiscard]] std::string hex()
    {
        std::string hash(32, '\0');
        EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(hash.data()), nullptr);
        return audit::hexOf(hash);
    }
};

BagFile::BagFile(std::string path, std::string place, int fd) :
    m_path{std::move(path)}, m_place{std::move(place)}, m_fd{fd}, m_hash{std::make_unique<Hashing>()}
{
}

BagFile::BagFile(BagFile&& other) noexcept :
    m_path{std::move(other.m_path)}, m_place{std::move(other.m_place)}, m_fd{std::exchange(other.m_fd, -1)}, m_size{other.m_size},
    m_pending{std::move(other.m_pending)}, m_hash{std::move(other.m_hash)}
{
}

BagFile::~BagFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Status BagFile::write(std::string_view bytes)
{
    m_pending += bytes;
    return m_pending.size() < kPiece ? Status{Nothing{}} : flush();
}

Status BagFile::flush()
{
    std::string_view rest = m_pending;
    m_hash->add(rest);
    m_size += rest.size();
    while (!rest.empty()) {
        const ssize_t count = ::write(m_fd, rest.data(), rest.size());
        if (count < 0 && errno != EINTR)
            return writeFailure(m_place, errno);
        rest.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    m_pending.clear();
    return Nothing{};
}

Result<Bag> Bag::create(const std::string& path)
{
    std::string place = path;
    while (place.size() > 1 && place.ends_with('/'))
        place.pop_back();
    std::error_code error;
    if (place.empty() || (isArchive(place) && fs::is_directory(place, error)))
        return failure(Fault::Invalid, fmt::format("'{}' is not the name of a pack", path),
                       "Name a new folder, or a file that ends in .tar");
    const fs::file_status status = fs::symlink_status(place, error);
    if (!isArchive(place) && fs::exists(status) && (!fs::is_directory(status) || !fs::is_empty(place, error)))
        return failure(Fault::Rejected, fmt::format("{} is there already", place),
                       "Name a new folder: nothing is added to a pack");
    for (int attempt = 0; attempt < 100; ++attempt) {
        std::string staging = fmt::format("{}.part-{}-{}", place, ::getpid(), attempt);
        if (::mkdir(staging.c_str(), 0700) == 0) // nobody else looks into one that is not whole
            return Bag{std::move(place), std::move(staging)};
        if (errno != EEXIST)
            return writeFailure(place, errno);
    }
    return writeFailure(place, EEXIST);
}

Bag::Bag(Bag&& other) noexcept :
    m_path{std::move(other.m_path)}, m_staging{std::exchange(other.m_staging, {})}, m_payload{std::move(other.m_payload)},
    m_tags{std::move(other.m_tags)}, m_bytes{other.m_bytes}
{
}

Bag::~Bag()
{
    discard();
}

void Bag::discard() noexcept
{
    std::error_code ignored;
    if (!m_staging.empty())
        fs::remove_all(std::exchange(m_staging, {}), ignored);
}

Result<std::string> Bag::reserve(const std::string& path)
{
    std::string place = placeOf(path);
    std::error_code error;
    fs::create_directories(fs::path{place}.parent_path(), error);
    if (error)
        return writeFailure(place, error.value());
    return place;
}

Result<BagFile> Bag::open(const std::string& path)
{
    const auto place = reserve(path);
    if (!place)
        return failureOf(place);
    const int fd = ::open(place->c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return writeFailure(*place, errno);
    return BagFile{path, *place, fd};
}

Status Bag::close(BagFile file)
{
    if (const Status written = file.flush(); !written)
        return written;
    if (::close(std::exchange(file.m_fd, -1)) != 0)
        return writeFailure(file.m_place, errno);
    if (isArchive(m_path) && !fitsArchive(file.m_path, file.m_size))
        return failure(Fault::Invalid, fmt::format("{} does not fit into a tar file", file.m_path), "Make the pack as a folder");
    const bool isPayload = file.m_path.starts_with("data/");
    (isPayload ? m_payload : m_tags)[file.m_path] = file.m_hash->hex();
    m_bytes += isPayload ? file.m_size : 0;
    return Nothing{};
}

Status Bag::write(const std::string& path, std::string_view bytes)
{
    auto file = open(path);
    if (!file)
        return failureOf(file);
    if (const Status written = file->write(bytes); !written)
        return written;
    return close(*std::move(file));
}

Status Bag::adopt(const std::string& path)
{
    const std::string place = placeOf(path);
    const int fd = ::open(place.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return writeFailure(place, errno);
    BagFile::Hashing hash;
    std::string piece(kPiece, '\0');
    ssize_t count = 0;
    while ((count = ::read(fd, piece.data(), piece.size())) > 0) {
        hash.add(std::string_view{piece}.substr(0, static_cast<std::size_t>(count)));
        m_bytes += static_cast<std::uint64_t>(count);
    }
    const int error = errno;
    ::close(fd);
    if (count < 0)
        return writeFailure(place, error);
    if (isArchive(m_path) && !fitsArchive(path, fs::file_size(place)))
        return failure(Fault::Invalid, fmt::format("{} does not fit into a tar file", path), "Make the pack as a folder");
    m_payload[path] = hash.hex();
    return Nothing{};
}

Result<std::string> Bag::sign(std::string_view facts, const audit::MinisignKey& key, std::string_view comment)
{
    const std::string info = fmt::format("{}Payload-Oxum: {}.{}\n", facts, m_bytes, m_payload.size());
    Status written = write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
    if (written)
        written = write("bag-info.txt", info);
    if (written)
        written = write("manifest-sha256.txt", manifestOf(m_payload));
    const std::string tags = manifestOf(m_tags);
    if (written)
        written = write(std::string{kSigned}, tags);
    if (written)
        written = write(fmt::format("{}.minisig", kSigned), key.sign(tags, kUntrusted, comment));
    if (!written)
        return failureOf(written);
    return audit::hexOf(audit::sha256(tags));
}

Status Bag::commit()
{
    if (isArchive(m_path)) {
        const Status written = writeArchive(m_staging, m_path);
        discard();
        return written;
    }
    if (const Status synced = syncFolder(m_staging); !synced)
        return synced;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::chmod(m_staging.c_str(), 0777 & ~mask) != 0)
        return writeFailure(m_path, errno);
    // Onto an empty folder a rename is allowed, onto anything else it fails.
    if (::rename(m_staging.c_str(), m_path.c_str()) != 0)
        return writeFailure(m_path, errno);
    m_staging.clear();
    const fs::path parent = fs::path{m_path}.parent_path();
    return syncFolder(parent.empty() ? "." : parent.string());
}

} // namespace scr::evidence
