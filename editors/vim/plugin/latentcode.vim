" Plays a running latentcode set from Vim (9.0.0067 or newer) or Neovim (0.7 or newer); docs/editors.md tells how.
if exists('g:loaded_latentcode')
  finish
endif
let g:loaded_latentcode = 1

command! -bar -range LatentcodeSend call latentcode#send(<line1>, <line2>)
command! -bar LatentcodeBlock call latentcode#block()
command! -bar LatentcodeFile call latentcode#file()
command! -bar LatentcodeHush call latentcode#ask('hush')
command! -bar LatentcodePanic call latentcode#ask('panic')
command! -bar LatentcodeInterrupt call latentcode#ask('interrupt')
command! -bar -nargs=? -complete=file LatentcodeConnect call latentcode#connect(<q-args>)

nnoremap <silent> <Plug>(latentcode-line) :LatentcodeSend<CR>
xnoremap <silent> <Plug>(latentcode-lines) :LatentcodeSend<CR>
nnoremap <silent> <Plug>(latentcode-block) :LatentcodeBlock<CR>
nnoremap <silent> <Plug>(latentcode-file) :LatentcodeFile<CR>
nnoremap <silent> <Plug>(latentcode-hush) :LatentcodeHush<CR>
nnoremap <silent> <Plug>(latentcode-panic) :LatentcodePanic<CR>
nnoremap <silent> <Plug>(latentcode-interrupt) :LatentcodeInterrupt<CR>

function! s:keys() abort
  nmap <buffer> <LocalLeader>l <Plug>(latentcode-line)
  xmap <buffer> <LocalLeader>l <Plug>(latentcode-lines)
  nmap <buffer> <LocalLeader>b <Plug>(latentcode-block)
  nmap <buffer> <LocalLeader>f <Plug>(latentcode-file)
  nmap <buffer> <LocalLeader>h <Plug>(latentcode-hush)
  nmap <buffer> <LocalLeader>p <Plug>(latentcode-panic)
  nmap <buffer> <LocalLeader>i <Plug>(latentcode-interrupt)
endfunction

if get(g:, 'latentcode_keys', 1)
  augroup latentcode
    autocmd!
    autocmd FileType python call s:keys()
  augroup END
endif
