#pragma once

#include <atomic>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <system_error>
#include <thread>
#include <tuple>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

#include "verify/text.h"
#include "verify/verify.h"

namespace scr::verify {

struct Hash : std::array<char, 32> {
    operator std::string_view() const { return {data(), size()}; }
};

#if defined(__x86_64__)
inline const bool hasSha = [] {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29U & 1U) != 0;
}();

alignas(16) inline constexpr std::uint32_t kRound[64]{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// FIPS 180-4, section 6.2.2, over blocks of 64 bytes of N messages: each step waits for the one before it, and meanwhile those
/// of another message are done. The instructions want the state as (A,B,E,F) and (C,D,G,H), and do two rounds each.
template <std::size_t N>
__attribute__((target("sha,sse4.1"))) void compress(std::array<std::uint32_t*, N> states, std::array<const char*, N> bytes,
                                                    std::size_t blocks)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abef[N], cdgh[N], abefBefore[N], cdghBefore[N], words[N][4];
    for (std::size_t n = 0; n < N; ++n) {
        const auto* vector = reinterpret_cast<const __m128i*>(states[n]);
        const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128(vector), 0xb1);
        const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128(vector + 1), 0x1b);
        abef[n] = _mm_alignr_epi8(low, high, 8);
        cdgh[n] = _mm_blend_epi16(high, low, 0xf0);
    }
    for (; blocks > 0; --blocks) {
#pragma GCC unroll 2
        for (std::size_t n = 0; n < N; ++n) {
            abefBefore[n] = abef[n];
            cdghBefore[n] = cdgh[n];
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i, bytes[n] += 16)
                words[n][i] = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes[n])), swap);
        }
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) {
#pragma GCC unroll 2
            for (std::size_t n = 0; n < N; ++n) {
                const __m128i now = words[n][i % 4];
                const __m128i sum = _mm_add_epi32(now, _mm_load_si128(reinterpret_cast<const __m128i*>(kRound) + i));
                cdgh[n] = _mm_sha256rnds2_epu32(cdgh[n], abef[n], sum);
                abef[n] = _mm_sha256rnds2_epu32(abef[n], cdgh[n], _mm_shuffle_epi32(sum, 0x0e));
                if (i < 12) { // the four words of round i + 4, from those of the four rounds before
                    const __m128i seven = _mm_alignr_epi8(words[n][(i + 3) % 4], words[n][(i + 2) % 4], 4);
                    const __m128i half = _mm_add_epi32(_mm_sha256msg1_epu32(now, words[n][(i + 1) % 4]), seven);
                    words[n][i % 4] = _mm_sha256msg2_epu32(half, words[n][(i + 3) % 4]);
                }
            }
        }
#pragma GCC unroll 2
        for (std::size_t n = 0; n < N; ++n) {
            abef[n] = _mm_add_epi32(abef[n], abefBefore[n]);
            cdgh[n] = _mm_add_epi32(cdgh[n], cdghBefore[n]);
        }
    }
    for (std::size_t n = 0; n < N; ++n) {
        auto* vector = reinterpret_cast<__m128i*>(states[n]);
        const __m128i feba = _mm_shuffle_epi32(abef[n], 0x1b);
        const __m128i dchg = _mm_shuffle_epi32(cdgh[n], 0xb1);
        _mm_storeu_si128(vector, _mm_blend_epi16(feba, dchg, 0xf0));
        _mm_storeu_si128(vector + 1, _mm_alignr_epi8(dchg, feba, 8));
    }
}
#else
inline constexpr bool hasSha = false;
template <std::size_t N>
void compress(std::array<std::uint32_t*, N>, std::array<const char*, N>, std::size_t)
{
}
#endif

/// SHA-256 in steps: by the processor's instructions where it has them, which is four times as fast, else by libsodium.
class Sha256 {
public:
    Sha256() { crypto_hash_sha256_init(&m_state); }

    Sha256& add(std::string_view bytes)
    {
        const std::size_t kept = m_size % kBlock;
        const std::size_t taken = kept == 0 ? 0 : std::min(kBlock - kept, bytes.size());
        m_size += bytes.size();
        std::copy_n(bytes.data(), taken, m_block.data() + kept);
        take(m_block.data(), (kept + taken) / kBlock);
        bytes.remove_prefix(taken);
        take(bytes.data(), bytes.size() / kBlock);
        bytes.remove_prefix(bytes.size() / kBlock * kBlock);
        std::copy_n(bytes.data(), bytes.size(), m_block.data());
        return *this;
    }

    [[nodiscard]] Hash end() ///< once
    {
        std::string rest{m_block.data(), m_size % kBlock};
        pad(rest, m_size);
        take(rest.data(), rest.size() / kBlock);
        return hash();
    }

    /// The hashes of the texts, each with that byte before it, one after the other.
    static std::string ofEach(char first, const std::vector<std::string_view>& texts)
    {
        std::string hashes;
        hashes.reserve(texts.size() * sizeof(Hash));
        std::array<std::string, 2> messages;
        for (std::size_t i = 0; i < texts.size(); i += 2) {
            std::array<Sha256, 2> two;
            for (std::size_t n = 0; n < 2; ++n) {
                messages[n] = first;
                messages[n] += texts[std::min(i + n, texts.size() - 1)];
                pad(messages[n], messages[n].size());
            }
            const std::size_t both = hasSha ? std::min(messages[0].size(), messages[1].size()) / kBlock : 0;
            compress<2>({two[0].m_state.state, two[1].m_state.state}, {messages[0].data(), messages[1].data()}, both);
            for (std::size_t n = 0; n < 2 && i + n < texts.size(); ++n) {
                two[n].take(messages[n].data() + both * kBlock, messages[n].size() / kBlock - both);
                hashes += two[n].hash();
            }
        }
        return hashes;
    }

private:
    static constexpr std::size_t kBlock = 64;

    /// Section 5.1.1: how a message of that many bytes ends.
    static void pad(std::string& message, std::uint64_t size)
    {
        message += '\x80';
        message.resize(message.size() + (2 * kBlock - 9 - size % kBlock) % kBlock + 8, '\0');
        std::uint64_t bits = 8 * size;
        for (auto last = message.rbegin(); bits > 0; bits >>= 8U)
            *last++ = static_cast<char>(bits & 0xffU);
    }

    void take(const char* bytes, std::size_t blocks)
    {
        if (hasSha)
            compress<1>({m_state.state}, {bytes}, blocks);
        else
            crypto_hash_sha256_update(&m_state, reinterpret_cast<const unsigned char*>(bytes), kBlock * blocks);
    }

    [[nodiscard]] Hash hash() const
    {
        Hash hash;
        for (std::size_t i = 0; i < hash.size(); ++i)
            hash[i] = static_cast<char>(m_state.state[i / 4] >> (24 - 8 * (i % 4)) & 0xff);
        return hash;
    }

    crypto_hash_sha256_state m_state; ///< libsodium's, of whole blocks
    std::uint64_t m_size = 0;
    std::array<char, kBlock> m_block; ///< the beginning of one
};

inline constexpr std::size_t kPiece = 1U << 18U; ///< of a file, looked at before the next is read

/// What was found, from any thread. The first ones are kept, in the order of path, number and text.
class Findings {
public:
    void add(std::string_view path, std::uint64_t number, const std::string& text)
    {
        constexpr std::size_t kMost = 1000;
        const std::lock_guard lock{m_mutex};
        count += first.emplace(std::string{path}, number, text).second ? 1 : 0;
        if (first.size() > kMost)
            first.erase(std::prev(first.end()));
    }

    std::uint64_t count = 0;
    std::set<std::tuple<std::string, std::uint64_t, std::string>> first;

private:
    std::mutex m_mutex;
};

/// A plain file of a pack.
struct File {
    std::string path; ///< in the pack
    std::uint64_t offset = 0, size = 0;
    std::string listed{};   ///< its SHA-256 as the manifests have it, hex; empty: they do not list it
    bool isChecked = false; ///< somebody reads it to its end, and so finds out whether it is that
};

/// The files of a pack, in a folder or in an archive.
class Pack {
public:
    /// Throws std::system_error when there is no such folder or archive, or it cannot be read.
    Pack(const std::string& path, Findings& allFindings, const KeepGoing& keepGoing) :
        findings{allFindings}, m_path{path}, m_isFolder{std::filesystem::is_directory(path)}, m_keepGoing{keepGoing}
    {
        m_isFolder ? listFolder() : listArchive();
        for (const auto& [name, file] : files)
            allBytes += file.size;
    }

    [[nodiscard]] File* find(std::string_view path)
    {
        const auto found = files.find(path);
        return found == files.end() ? nullptr : &found->second;
    }

    /// Reads a file from its beginning on. The first that does so for a listed one holds it against what is listed when it comes
    /// to the end. From any thread, a file in one at a time.
    class Reader {
    public:
        Reader(Pack& pack, File& file) :
            m_pack{pack}, m_file{file}, m_isChecking{!file.listed.empty() && !std::exchange(file.isChecked, true)},
            m_input{pack.open(file)}
        {
        }

        /// Puts the next bytes after those; false at the end.
        bool append(std::string& bytes)
        {
            const std::size_t count = std::min<std::uint64_t>(kPiece, m_file.size - m_done);
            bytes.resize(bytes.size() + count);
            const std::string_view piece = std::string_view{bytes}.substr(bytes.size() - count);
            if (count > 0 && !m_input.read(bytes.data() + bytes.size() - count, static_cast<std::streamsize>(count)))
                throw std::system_error{EIO, std::generic_category(), m_file.path}; // it became shorter, or its disk failed
            m_done += count;
            if (m_isChecking && count > 0 && m_pack.m_keepGoing && !m_pack.m_keepGoing(m_pack.m_done += count, m_pack.allBytes))
                throw Stopped{};
            if (m_isChecking)
                m_hash.add(piece);
            if (count == 0 && std::exchange(m_isChecking, false) && hexOf(m_hash.end()) != m_file.listed)
                m_pack.findings.add(m_file.path, 0, "altered");
            return count > 0;
        }

    private:
        Pack& m_pack;
        File& m_file;
        bool m_isChecking;
        std::ifstream m_input;
        std::uint64_t m_done = 0;
        Sha256 m_hash;
    };

    /// All bytes; none when they are more than anybody needs: no memory for what can only be wrong. May use that of `bytes`.
    std::string load(File& file, std::uint64_t most = 1U << 30U, std::string bytes = {})
    {
        bytes.clear();
        if (file.size <= most)
            for (Reader reader{*this, file}; reader.append(bytes);) {
            }
        return bytes;
    }

    Findings& findings;
    std::map<std::string, File, std::less<>> files;
    std::set<std::string> folders;
    std::uint64_t allBytes = 0;

private:
    [[nodiscard]] std::ifstream open(const File& file) const
    {
        const std::string path = m_isFolder ? m_path + '/' + file.path : m_path;
        std::ifstream input{path, std::ios::binary};
        if (!input)
            throw std::system_error{errno, std::generic_category(), path};
        input.seekg(static_cast<std::streamoff>(file.offset));
        return input;
    }

    void listFolder()
    {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{m_path}) {
            const std::string path = entry.path().lexically_relative(m_path).string();
            const auto type = entry.symlink_status().type();
            if (type == std::filesystem::file_type::directory)
                folders.insert(path);
            else if (type == std::filesystem::file_type::regular)
                files.emplace(path, File{path, 0, entry.file_size()});
            else
                findings.add(path, 0, "not a plain file");
        }
    }

    /// The only header that a member of that path and size, in octal digits, can have: POSIX ustar.
    static std::string headerOf(std::string_view path, std::string_view size)
    {
        const std::pair<std::size_t, std::string_view> fields[]{
            {0, path},          {100, "0000644"}, {108, "0000000"}, {116, "0000000"}, {124, size},     {136, "00000000000"},
            {148, "        0"}, {257, "ustar"},   {263, "00"},      {329, "0000000"}, {337, "0000000"}};
        std::string header(kBlock, '\0');
        for (const auto& [offset, text] : fields)
            header.replace(offset, text.size(), text);
        const auto add = [](unsigned sum, char byte) { return sum + static_cast<unsigned char>(byte); };
        unsigned sum = std::accumulate(header.begin(), header.end(), 0U, add);
        header[154] = '\0';
        for (std::size_t i = 154; i-- > 148; sum /= 8)
            header[i] = static_cast<char>('0' + sum % 8);
        return header;
    }

    void listArchive()
    {
        std::ifstream input = open({});
        const std::uint64_t size = std::filesystem::file_size(m_path);
        const auto bytesAt = [&](std::uint64_t from, std::uint64_t to) {
            std::string bytes(std::min(to, size) - std::min(from, size), '\0');
            input.seekg(static_cast<std::streamoff>(from)).read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
            return bytes;
        };
        const auto areZeros = [](std::string_view bytes) { return bytes.find_first_not_of('\0') == std::string_view::npos; };
        std::string last;
        for (std::uint64_t offset = 0; offset + 2 * kBlock != size || !areZeros(bytesAt(offset, size));) {
            std::string header = bytesAt(offset, offset + kBlock);
            header.resize(kBlock);
            const std::string digits = header.substr(124, 11);
            File file{header.substr(0, 100).c_str(), offset + kBlock};
            const char* after = std::from_chars(digits.data(), digits.data() + digits.size(), file.size, 8).ptr;
            const bool isMember =
                file.path.starts_with("pack/") && after == digits.data() + digits.size() && headerOf(file.path, digits) == header;
            const std::uint64_t end = file.offset + file.size;
            const std::uint64_t next = (end + kBlock - 1) / kBlock * kBlock;
            file.path.erase(0, 5);
            if (!isMember || file.path <= last || next > size || !areZeros(bytesAt(end, next))) {
                findings.add("pack.tar", 0, "not as a pack's archive is, from byte " + std::to_string(offset) + " on");
                return;
            }
            offset = next;
            last = file.path;
            files.emplace(last, std::move(file));
        }
    }

    static constexpr std::size_t kBlock = 512;
    std::string m_path;
    bool m_isFolder;
    const KeepGoing& m_keepGoing;
    std::atomic<std::uint64_t> m_done = 0;
};

/// Runs the tasks that next() gives, until it gives none, side by side; take() gets what they come to, in their order. Few bytes
/// to look at are not worth threads.
template <class Next, class Take>
void inOrder(std::uint64_t bytes, Next next, const Take& take)
{
    const std::size_t most = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
    const auto policy = bytes < 16U << 20U ? std::launch::deferred : std::launch::async;
    std::deque<decltype(std::async(next()))> running;
    for (auto task = next(); task || !running.empty();) {
        if (task) {
            running.push_back(std::async(policy, std::move(task)));
            task = next();
        }
        if (!task || running.size() > 2 * most) { // else some wait for nothing
            take(running.front().get());
            running.pop_front();
        }
    }
}

} // namespace scr::verify
