" The line to a running set, and what is shown of it in buffers.
let s:nvim = has('nvim')
let s:channel = -1
let s:rest = ''
let s:number = 0
let s:asked = {}   " request id -> what is to be done with its answer
let s:blocks = {}  " block of the journal -> what was sent (see latentcode#send)
let s:last_mark = 0
let s:ended = 'the set has ended; what it has not answered may not have run'

highlight default link LatentcodeSounding IncSearch
highlight default link LatentcodeResult Comment
highlight default link LatentcodeError ErrorMsg

" ---- the line

function! latentcode#connect(path) abort
  let path = a:path !=# '' ? expand(a:path) : s:newest()
  if path ==# ''
    return s:complain(s:why)
  endif
  let [s:rest, s:asked] = ['', {}]  " of a set that has ended
  let secret = ''
  let address = (s:nvim ? '' : 'unix:') . path
  if getftype(path) !=# 'socket'
    let told = json_decode(join(readfile(path)))
    let [address, secret] = ['127.0.0.1:' . float2nr(told.port), told.secret]
  endif
  try
    if s:nvim
      let s:channel = sockconnect(secret ==# '' ? 'pipe' : 'tcp', address, {'on_data': function('s:data')})
    else
      let s:channel = ch_open(address, {'mode': 'nl', 'callback': function('s:line'), 'close_cb': function('s:closed')})
    endif
  catch
    let s:channel = -1
  endtry
  if !s:open()
    return s:complain('no set answers at ' . path)
  endif
  if secret !=# ''
    call s:write(secret)
  endif
  call s:ask({'op': 'hello', 'name': get(g:, 'latentcode_name', s:nvim ? 'nvim' : 'vim')}, {})
  call s:ask({'op': 'listen', 'events': ['sounding']}, {})
  return 1
endfunction

function! s:newest() abort
  if $LATENTCODE_SOCKET !=# ''
    return $LATENTCODE_SOCKET
  endif
  let command = get(g:, 'latentcode_command', 'latentcode')
  let found = systemlist(command . ' send --where')
  if v:shell_error == 127
    let s:why = 'there is no program ' . command . '; name it in g:latentcode_command'
  elseif v:shell_error || empty(found)
    let s:why = empty(found) ? 'no set is playing: latentcode serve' : substitute(found[-1], '^latentcode: ', '', '')
  else
    return found[-1]
  endif
  return ''
endfunction

function! s:open() abort
  return s:nvim ? type(s:channel) == v:t_number && s:channel > 0
        \ : type(s:channel) == v:t_channel && ch_status(s:channel) ==# 'open'
endfunction

function! s:write(text) abort
  try
    call call(s:nvim ? 'chansend' : 'ch_sendraw', [s:channel, a:text . "\n"])
  catch
    let s:channel = -1
    call s:complain(s:ended)
  endtry
endfunction

function! s:ask(request, then) abort
  let s:number += 1
  let s:asked[s:number] = a:then
  call s:write(json_encode(extend({'id': s:number}, a:request)))
endfunction

function! s:data(channel, data, name) abort
  if a:data ==# ['']
    return s:closed(a:channel)
  endif
  let lines = copy(a:data)
  let lines[0] = s:rest . lines[0]
  let s:rest = remove(lines, -1)
  for line in lines
    call s:line(a:channel, line)
  endfor
endfunction

function! s:line(channel, line) abort
  try
    let message = json_decode(a:line)
  catch  " half of one, of a set that has ended
    return
  endtry
  if has_key(message, 'event')
    call s:light(message.words)
  elseif type(get(message, 'id')) == v:t_number && has_key(s:asked, message.id)
    call s:answered(message, remove(s:asked, message.id))
  elseif has_key(message, 'error')
    call s:complain(message.error)
  endif
endfunction

function! s:closed(channel) abort
  if s:open() && a:channel != s:channel  " that of the set before
    return
  endif
  let s:channel = -1
  call s:light([])
  if !empty(s:asked)
    let s:asked = {}
    call s:complain(s:ended)
  endif
endfunction

function! s:complain(text) abort
  call s:say(['✗ latentcode: ' . a:text], 'LatentcodeError')
  return 0
endfunction

" One line that fits, as more would wait for a key, and take what is typed; :messages has all of them.
function! s:say(lines, group) abort
  for line in a:lines
    silent echomsg line
  endfor
  redraw
  execute 'echohl' a:group
  echo printf('%.*S', max([&columns - 16, 8]), a:lines[-1])
  echohl None
endfunction

" ---- what is sent

function! latentcode#ask(op) abort
  if s:open() || latentcode#connect('')
    call s:ask({'op': a:op}, {})
  endif
endfunction

function! latentcode#send(first, last) abort
  if !s:open() && !latentcode#connect('')
    return
  endif
  let text = getline(a:first, a:last)
  let code = join(text, "\n")
  if code !~# '\S'
    return
  endif
  let file = expand('%:p')
  " marks: where it begins and where it ends, whatever is edited; first: its line when it was sent
  let then = {'buffer': bufnr('%'), 'marks': s:marks(a:first, a:last), 'first': a:first, 'file': file, 'text': text}
  call s:ask({'op': 'eval', 'code': code, 'file': file, 'line': a:first, 'wait': 2}, then)
endfunction

function! latentcode#block() abort
  let [first, last] = s:around(line('.'))
  call latentcode#send(first, last)
endfunction

function! latentcode#file() abort
  let at = 1
  while at <= line('$')
    let [first, last] = s:around(at)
    call latentcode#send(first, last)
    let at = s:next(last)
  endwhile
endfunction

" A block begins at the margin, behind a blank line.
function! s:begins(line) abort
  return getline(a:line) =~# '\S' && getline(a:line) !~# '\v^(\s|(else|elif|except|finally)>|[)\]}])'
        \ && (a:line == 1 || getline(a:line - 1) !~# '\S')
endfunction

function! s:next(line) abort
  let at = a:line + 1
  while at <= line('$') && !s:begins(at)
    let at += 1
  endwhile
  return at
endfunction

function! s:around(line) abort
  let first = a:line
  while first > 1 && !s:begins(first)
    let first -= 1
  endwhile
  let last = s:next(first) - 1
  while last > first && getline(last) !~# '\S'
    let last -= 1
  endwhile
  return [first, last]
endfunction

" ---- what is shown

if s:nvim
  let s:places = nvim_create_namespace('latentcode-places')
  let s:lit = nvim_create_namespace('latentcode-sounding')
  let s:told = nvim_create_namespace('latentcode-results')
endif

function! s:types() abort
  for [name, group] in [['latentcode_place', ''], ['latentcode_lit', 'LatentcodeSounding'],
        \ ['latentcode_told', 'LatentcodeResult'], ['latentcode_wrong', 'LatentcodeError']]
    if empty(prop_type_get(name))
      call prop_type_add(name, group ==# '' ? {} : {'highlight': group, 'priority': 100})
    endif
  endfor
endfunction

" Where a block begins and ends, whatever is edited above and in it.
function! s:marks(first, last) abort
  if s:nvim
    let how = {'end_row': a:last - 1, 'end_col': len(getline(a:last))}
    return [nvim_buf_set_extmark(0, s:places, a:first - 1, 0, how)]
  endif
  call s:types()
  let found = []
  for line in [a:first, a:last]
    let s:last_mark += 1
    call prop_add(line, 1, {'type': 'latentcode_place', 'id': s:last_mark, 'length': 0})
    call add(found, s:last_mark)
  endfor
  return found
endfunction

" The first and the last line that a block has now; [0, 0] where it is gone.
function! s:where(sent) abort
  if !bufloaded(a:sent.buffer)
    return [0, 0]
  endif
  if s:nvim
    let found = nvim_buf_get_extmark_by_id(a:sent.buffer, s:places, a:sent.marks[0], {'details': v:true})
    let gone = empty(found) || found[:1] == [found[2].end_row, found[2].end_col]
    return gone ? [0, 0] : [found[0] + 1, found[2].end_row + 1]
  endif
  let [first, last] = map(copy(a:sent.marks), 's:line_of(a:sent.buffer, v:val)')
  let more = len(a:sent.text) - 1
  return first && last ? [first, last] : first ? [first, first + more] : last ? [max([last - more, 1]), last] : [0, 0]
endfunction

function! s:line_of(buffer, mark) abort
  let where = {'type': 'latentcode_place', 'id': a:mark, 'both': 1, 'bufnr': a:buffer, 'lnum': 1, 'col': 1}
  return get(prop_find(where, 'f'), 'lnum', 0)
endfunction

function! s:answered(answer, asked) abort
  if empty(a:asked)
    return a:answer.ok ? 0 : s:complain(a:answer.error)
  endif
  if has_key(a:answer, 'block')
    let s:blocks[a:answer.block] = a:asked
  endif
  let [first, last] = s:where(a:asked)
  if !first
    return
  endif
  call s:clear(a:asked.buffer, first, last)
  if !a:answer.ok
    let at = s:line_told(a:answer, 'line', a:asked, first, last)
    let unrun = s:line_told(a:answer, 'unrun', a:asked, first, at)
    if unrun != at
      call s:tell(a:asked.buffer, unrun, 'not run', 0)
    endif
    let said = split(a:answer.error, "\n")
    call s:tell(a:asked.buffer, at, '✗ ' . said[0], 1)
    call s:say(map(said, '"✗ " . v:val'), 'LatentcodeError')
    return
  endif
  let said = split(get(a:answer, 'printed', ''), "\n") + a:answer.notes
  let said += type(a:answer.value) == v:t_string ? split(a:answer.value, "\n") : []
  if !empty(said)
    call s:tell(a:asked.buffer, last, said[-1], 0)
    call s:say(said, 'LatentcodeResult')
  endif
endfunction

" Where a line of an answer stands now; `without` where it tells none.
function! s:line_told(answer, name, asked, first, without) abort
  let row = get(a:answer, a:name, 0) - a:asked.first
  return has_key(a:answer, a:name) ? a:first + min([max([row, 0]), len(a:asked.text) - 1]) : a:without
endfunction

function! s:clear(buffer, first, last) abort
  if s:nvim
    call nvim_buf_clear_namespace(a:buffer, s:told, a:first - 1, a:last)
  else
    call s:types()
    for name in ['latentcode_told', 'latentcode_wrong']
      call prop_remove({'type': name, 'bufnr': a:buffer, 'all': 1}, a:first, min([a:last, getbufinfo(a:buffer)[0].linecount]))
    endfor
  endif
endfunction

function! s:tell(buffer, line, text, wrong) abort
  if s:nvim
    let shown = [['  ' . a:text, a:wrong ? 'LatentcodeError' : 'LatentcodeResult']]
    call nvim_buf_set_extmark(a:buffer, s:told, a:line - 1, 0, {'virt_text': shown})
  else
    call prop_add(a:line, 0, {'type': a:wrong ? 'latentcode_wrong' : 'latentcode_told', 'bufnr': a:buffer,
          \ 'text': '  ' . a:text, 'text_align': 'after', 'text_wrap': 'truncate'})
  endif
endfunction

let s:shown = {}  " the buffers with words that are lit

function! s:light(words) abort
  for buffer in keys(s:shown)
    call s:dark(str2nr(buffer))
  endfor
  let s:shown = {}
  for word in a:words
    let [buffer, line, first, last] = s:place(word)
    if buffer < 0 || !bufloaded(buffer)
      continue
    endif
    let text = get(getbufline(buffer, line), 0, '')
    let [begin, end] = [byteidxcomp(text, first), byteidxcomp(text, last)]
    if begin >= 0 && end > begin
      let s:shown[buffer] = 1
      call s:lit(buffer, line, begin, end)
    endif
  endfor
endfunction

" What was sent of the block of a word, if it was that block and none of another set's; also where the answer that
" tells its number is still to come.
function! s:sent(word) abort
  let known = [get(s:blocks, a:word.block, {})] + values(s:asked)
  return get(filter(known, '[get(v:val, "first"), get(v:val, "file")] ==# [a:word.line, a:word.file]'), 0, {})
endfunction

" The buffer, the line and the columns of a word: where its block was sent from, else in its file, as that was.
function! s:place(word) abort
  let sent = s:sent(a:word)
  if empty(sent)
    let buffer = a:word.file ==# '' ? -1 : bufnr('^' . fnameescape(a:word.file) . '$')
    return [buffer, a:word.line + a:word.row, a:word.begin, a:word.end]
  endif
  let [first, last] = s:where(sent)
  let now = first ? getbufline(sent.buffer, first, last) : []
  let rows = s:shift(sent.text, now, a:word.row, a:word.row + 1)
  let row = a:word.row + get(rows, 0, 0)
  if row >= len(now) || (empty(rows) && len(now) != len(sent.text))
    return [-1, 0, 0, 0]
  endif
  let columns = s:shift(str2list(sent.text[a:word.row]), str2list(now[row]), a:word.begin, a:word.end)
  return empty(columns) ? [-1, 0, 0, 0]
        \ : [sent.buffer, first + row, a:word.begin + columns[0], a:word.end + columns[0]]
endfunction

" How far a part of a list has moved, in a list of one number; an empty one where it is not as it was.
function! s:shift(old, new, begin, end) abort
  let head = s:alike(a:old, a:new)
  if a:end <= head
    return [0]
  endif
  let tail = s:alike(reverse(a:old[head :]), reverse(a:new[head :]))
  return a:begin >= len(a:old) - tail ? [len(a:new) - len(a:old)] : []
endfunction

" How many items at their beginnings two lists have in common.
function! s:alike(one, other) abort
  let [at, most] = [0, min([len(a:one), len(a:other)])]
  while at < most && a:one[at] ==# a:other[at]
    let at += 1
  endwhile
  return at
endfunction

function! s:lit(buffer, line, begin, end) abort
  if s:nvim
    call nvim_buf_set_extmark(a:buffer, s:lit, a:line - 1, a:begin, {'end_col': a:end, 'hl_group': 'LatentcodeSounding'})
  else
    call s:types()
    call prop_add(a:line, a:begin + 1, {'type': 'latentcode_lit', 'bufnr': a:buffer, 'length': a:end - a:begin})
  endif
endfunction

function! s:dark(buffer) abort
  if !bufloaded(a:buffer)
    return
  elseif s:nvim
    call nvim_buf_clear_namespace(a:buffer, s:lit, 0, -1)
  else
    call prop_remove({'type': 'latentcode_lit', 'bufnr': a:buffer, 'all': 1})
  endif
endfunction
